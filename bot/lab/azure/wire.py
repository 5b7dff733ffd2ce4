"""One probe on the wire: connect, handshake, request, read; nothing is judged here.

pyOpenSSL, because the chain as the backend sent it is what matters, and the ssl module of
Python 3.11 shows the leaf only.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from OpenSSL import SSL

from bot.lab.guard import is_loopback
from bot.lab.streams import PlainStream, Stream, TlsStream
from bot.lab.values import as_ascii

_MAX_ANSWER = 256 * 1024
_MANY_PROTOCOLS = [b"http/1.1"] * 140
"""1,260 bytes: with them a hello that has 348 has 1,614 (measured with a name of 16 letters)."""


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
    """`location` is the header of that name, empty without it."""

    status: int
    body: bytes
    location: str = ""


class Wire:
    """A connection to a backend; use it as `async with await Wire.connect(...) as wire`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._stream: Stream = PlainStream(reader, writer)

    @classmethod
    async def connect(cls, host: str, port: int, source: str | None = None) -> "Wire":
        """`source`: the loopback address to connect from."""
        if not is_loopback(host):
            raise ConnectionFailed(f"{host} is not on this machine")
        own = (source, 0) if source else None
        with _translated():
            return cls(*await asyncio.open_connection(host, port, local_addr=own))

    async def __aenter__(self) -> "Wire":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.transport.abort()

    async def shake_hands(
        self, sni: str | None, *, tls13: bool, large: bool = False
    ) -> Sequence[x509.Certificate]:
        """The certificates as sent, in that order. `large`: with a hello longer than one packet."""
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_verify(SSL.VERIFY_NONE)
        # As its certificates are judged (bot.lab.azure.openssl): no document says which level a gateway has.
        context.set_cipher_list(b"DEFAULT:@SECLEVEL=1")
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        context.set_max_proto_version(SSL.TLS1_3_VERSION if tls13 else SSL.TLS1_2_VERSION)
        if tls13:
            # One key share, so that the hello's length does not depend on what OpenSSL would choose.
            context.set_tmp_ecdh(SECP256R1())
        if large:
            context.set_alpn_protos(_MANY_PROTOCOLS)
        connection = SSL.Connection(context, None)
        connection.set_connect_state()
        stream = TlsStream(self._stream, connection)
        with _translated():
            if sni is not None:
                connection.set_tlsext_host_name(as_ascii(sni).encode("ascii"))
            await stream.shake_hands()
        self._stream = stream
        return connection.get_peer_cert_chain(as_cryptography=True) or []

    async def ask(self, host: str, path: str) -> HttpAnswer:
        """GET a path; the answer is read to its end or to a limit."""
        answer = bytearray()
        with _translated():
            request = f"GET {path} HTTP/1.1\r\nHost: {as_ascii(host)}\r\nConnection: close\r\n\r\n"
            await self._stream.write(request.encode("latin-1"))
            while len(answer) < _MAX_ANSWER and (data := await self._stream.read()):
                answer += data
        head, _, body = bytes(answer).partition(b"\r\n\r\n")
        words = head.split(b" ", 2)
        if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
            raise ConnectionFailed("the answer is not HTTP")
        return HttpAnswer(int(words[1]), body, _location(head))


def _location(head: bytes) -> str:
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "location":
            return value.strip()
    return ""


@contextmanager
def _translated() -> Iterator[None]:
    """What can go wrong on the wire, in the two words of this module.

    In TLS 1.3 a server that demands a client certificate says so at the first read only. A
    host that cannot be written as a name (UnicodeError) cannot be asked for.
    """
    try:
        yield
    except (OSError, EOFError, UnicodeError) as error:
        raise ConnectionFailed(str(error)) from error
    except SSL.Error as error:
        raise HandshakeFailed(_reason(error)) from error


def _reason(error: SSL.Error) -> str:
    """OpenSSL's own words, e.g. "ssl/tls alert handshake failure"."""
    queue = error.args[0] if error.args else ()
    return "; ".join(entry[2] for entry in queue) or type(error).__name__
