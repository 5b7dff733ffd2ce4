"""One probe on the wire: connect, shake hands, ask, read; nothing is judged here.

pyOpenSSL, because the chain as the backend sent it is what matters, and the ssl module of
Python 3.11 shows the leaf only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from OpenSSL import SSL

from bot.lab.guard import is_loopback

_CHUNK = 16 * 1024
_MAX_ANSWER = 256 * 1024


class ConnectionFailed(Exception):
    """No TCP connection, or it ended before an answer."""


class HandshakeFailed(Exception):
    """TLS was refused; `incompatible`: no protocol version or cipher in common."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        words = ("handshake failure", "protocol version", "unsupported protocol", "no shared")
        self.incompatible = any(word in reason for word in words)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    body: bytes


class Wire:
    """A connection to a backend; use it as `async with await Wire.connect(...) as wire`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._tls: SSL.Connection | None = None

    @classmethod
    async def connect(cls, host: str, port: int) -> Wire:
        if not is_loopback(host):
            raise ConnectionFailed(f"{host} is not on this machine")
        try:
            return cls(*await asyncio.open_connection(host, port))
        except OSError as error:
            raise ConnectionFailed(str(error)) from error

    async def __aenter__(self) -> Wire:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.transport.abort()

    async def shake_hands(self, sni: str | None, *, tls13: bool) -> Sequence[x509.Certificate]:
        """The certificates as sent, in that order."""
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_verify(SSL.VERIFY_NONE)
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        context.set_max_proto_version(SSL.TLS1_3_VERSION if tls13 else SSL.TLS1_2_VERSION)
        self._tls = SSL.Connection(context, None)
        if sni is not None:
            self._tls.set_tlsext_host_name(sni.encode("idna"))
        self._tls.set_connect_state()
        while True:
            try:
                self._tls.do_handshake()
            except SSL.WantReadError:
                await self._exchange()
            except SSL.Error as error:
                await self._flush()
                raise HandshakeFailed(_reason(error)) from error
            else:
                await self._flush()
                return self._tls.get_peer_cert_chain(as_cryptography=True) or []

    async def ask(self, host: str, path: str) -> HttpAnswer:
        """GET a path; the answer is read to its end or to a limit."""
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        await self._send(request.encode("latin-1"))
        answer = bytearray()
        while len(answer) < _MAX_ANSWER and (chunk := await self._receive()):
            answer += chunk
        head, _, body = bytes(answer).partition(b"\r\n\r\n")
        words = head.split(b" ", 2)
        if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
            raise ConnectionFailed("the answer is not HTTP")
        return HttpAnswer(int(words[1]), body)

    async def _send(self, data: bytes) -> None:
        if self._tls is None:
            self._writer.write(data)
        else:
            self._tls.sendall(data)
        await self._flush()

    async def _receive(self) -> bytes:
        """Some bytes of the answer; none at its end."""
        if self._tls is None:
            return await self._read()
        while True:
            try:
                return self._tls.recv(_CHUNK)
            except SSL.WantReadError:
                await self._exchange()
            except (SSL.ZeroReturnError, SSL.SysCallError):
                return b""
            except SSL.Error as error:
                # TLS 1.3: a server that demands a client certificate says so only now.
                raise HandshakeFailed(_reason(error)) from error

    async def _exchange(self) -> None:
        """Send what TLS wants to send, and give it what came."""
        assert self._tls is not None
        await self._flush()
        data = await self._read()
        if data:
            self._tls.bio_write(data)
        else:
            self._tls.bio_shutdown()
            raise ConnectionFailed("the backend closed the connection")

    async def _flush(self) -> None:
        try:
            while self._tls is not None:
                self._writer.write(self._tls.bio_read(_CHUNK))
        except SSL.WantReadError:
            pass
        try:
            await self._writer.drain()
        except OSError as error:
            raise ConnectionFailed(str(error)) from error

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(_CHUNK)
        except OSError as error:
            raise ConnectionFailed(str(error)) from error


def _reason(error: SSL.Error) -> str:
    """OpenSSL's own words, e.g. "ssl/tls alert handshake failure"."""
    queue = error.args[0] if error.args else ()
    return "; ".join(entry[2] for entry in queue) or type(error).__name__
