"""A connection as bytes in and bytes out, plain or over TLS, for both ends of the lab.

TLS is pyOpenSSL over memory, because both ends need what asyncio's own TLS hides: the chain as
it was sent, and the alert that ends a handshake. asyncio drops the connection without one.
"""

import asyncio
from typing import Protocol

from OpenSSL import SSL

_CHUNK = 16 * 1024
_RECORD_HEAD = 5
_HANDSHAKE = 22

_PROXY = b"PROXY "
_LONGEST_PROXY_LINE = 107 + _CHUNK
"""107 bytes with the end of the line, and whatever comes with it."""


class Stream(Protocol):
    """`read` returns some bytes, none at the end; both raise OSError if the connection broke."""

    async def read(self) -> bytes: ...

    async def write(self, data: bytes) -> None: ...


class PlainStream:
    """Plain TCP."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> bytes:
        return await self._reader.read(_CHUNK)

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()


class _Begun:
    """A stream from which some bytes were already read; they are read again."""

    def __init__(self, begin: bytes, rest: Stream) -> None:
        self._begin = begin
        self._rest = rest

    async def read(self) -> bytes:
        begin, self._begin = self._begin, b""
        return begin or await self._rest.read()

    async def write(self, data: bytes) -> None:
        await self._rest.write(data)


async def peeked(stream: Stream) -> tuple[Stream, int]:
    """The same stream, and the length in bytes of the TLS record that it begins with; 0 if that is not a handshake.

    A record's header has 5 bytes, the last two of which say how many follow (RFC 8446, section 5.1); a ClientHello that
    is not split up is one record. EOFError if it does not come.
    """
    begin = b""
    while len(begin) < _RECORD_HEAD:
        data = await stream.read()
        if not data:
            raise EOFError("the peer closed the connection")
        begin += data
    length = _RECORD_HEAD + int.from_bytes(begin[3:5], "big")
    return _Begun(begin, stream), length if begin[0] == _HANDSHAKE else 0


async def after_proxy_line(stream: Stream) -> Stream | None:
    """What comes after a line of the PROXY protocol, version 1; None if it begins otherwise.

    EOFError if nothing comes.
    """
    begin = b""
    while b"\r\n" not in begin:
        data = await stream.read()
        if not data:
            raise EOFError("the peer closed the connection")
        begin += data
        if begin[: len(_PROXY)] != _PROXY[: len(begin)] or len(begin) > _LONGEST_PROXY_LINE:
            return None
    return _Begun(begin.partition(b"\r\n")[2], stream)


class TlsStream:
    """TLS over another stream; the connection's role (client or server) is already set."""

    def __init__(self, lower: Stream, connection: SSL.Connection) -> None:
        self._lower = lower
        self._connection = connection

    async def shake_hands(self) -> None:
        """Complete the handshake. SSL.Error if it fails, EOFError if the peer closes the connection."""
        while True:
            try:
                self._connection.do_handshake()
            except SSL.WantReadError:
                await self.flush()
                await self._feed()
            else:
                await self.flush()
                return

    async def read(self) -> bytes:
        while True:
            try:
                return self._connection.recv(_CHUNK)
            except SSL.WantReadError:
                await self.flush()
                try:
                    await self._feed()
                except EOFError:
                    return b""
            except SSL.ZeroReturnError:
                return b""

    async def write(self, data: bytes) -> None:
        self._connection.sendall(data)
        await self.flush()

    async def say_goodbye(self) -> None:
        """Send close_notify, without waiting for an answer."""
        self._connection.shutdown()
        await self.flush()

    async def flush(self) -> None:
        """Send what TLS has to send, including an alert."""
        pending = self.discard()
        if pending:
            await self._lower.write(pending)

    def discard(self) -> bytes:
        """Remove what TLS has to send, and return it."""
        taken = bytearray()
        try:
            while True:
                taken += self._connection.bio_read(_CHUNK)
        except SSL.WantReadError:
            return bytes(taken)

    async def _feed(self) -> None:
        data = await self._lower.read()
        if not data:
            raise EOFError("the peer closed the connection")
        self._connection.bio_write(data)
