"""dnspython's sockets, with a bound on the length of an answer: parsing one takes a tenth of a millisecond per record.

The answer is parsed where it is received, on the event loop, so its length has to be looked at before.
"""

from typing import Any

import dns.asyncbackend
import dns.exception

LONGEST_ANSWER = 4096
"""Bytes. More is not taken over UDP (RFC 6891, 6.2.5), and 250 addresses of one name have room in it."""


class TooLong(dns.exception.FormError):
    """An answer longer than what is looked at; dnspython then turns to the next server."""

    def __str__(self) -> str:
        return f"its answer is longer than {LONGEST_ANSWER} bytes"


class BoundedBackend:
    """dnspython's usual backend, except that its sockets refuse long answers before they are parsed."""

    def __init__(self) -> None:
        self._usual: Any = dns.asyncbackend.get_backend("asyncio")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)

    async def make_socket(self, *args: Any, **kwargs: Any) -> "_BoundedSocket":
        return _BoundedSocket(await self._usual.make_socket(*args, **kwargs))


class _BoundedSocket:
    """One of dnspython's sockets, for datagrams or a stream."""

    def __init__(self, usual: Any) -> None:
        self._usual = usual

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)

    async def __aenter__(self) -> "_BoundedSocket":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._usual.close()

    async def recvfrom(self, size: int, timeout: float | None) -> Any:
        data, sender = await self._usual.recvfrom(size, timeout)
        if len(data) > LONGEST_ANSWER:
            raise TooLong
        return data, sender

    async def recv(self, size: int, timeout: float | None) -> Any:
        # On a stream the length comes first (RFC 1035, 4.2.2); dnspython then asks for so many bytes.
        if size > LONGEST_ANSWER:
            raise TooLong
        return await self._usual.recv(size, timeout)
