"""One backend server on 127.0.0.1, as its spec says, which may change while it runs."""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import replace
from typing import Any

from OpenSSL import SSL

from bot.lab.backends import bare_tls
from bot.lab.backends.spec import (
    Answer,
    BackendSpec,
    Denying,
    HeaderFirst,
    Http2Only,
    OldSuites,
    OnePacket,
    Refusing,
    Resetting,
    Silent,
    Slow,
)
from bot.lab.backends.tls import LEAST_DH_BITS, BackendTls
from bot.lab.streams import PlainStream, Stream, after_proxy_line, peeked

_MAX_HEAD = 16 * 1024
_CLIENT_TIMEOUT = 30.0

_BACKLOG = 1024
"""More than connect at once: the kernel drops what exceeds it, and the caller tries again a second later."""

# HTTP/2 frames: length, type, flags, stream (RFC 9113, 4.1). Empty settings, and GOAWAY for PROTOCOL_ERROR.
_SETTINGS = bytes.fromhex("000000 04 00 00000000")
_GOAWAY = bytes.fromhex("000008 07 00 00000000 00000000 00000001")


class BackendServer:
    """A running server.

    Attributes: `spec` as it is now; `connections` counts the connections accepted; `snis` and
    `requests` list, in order, the SNI of each handshake begun (None: none sent) and the Host
    and path of each request read.
    """

    def __init__(self, spec: BackendSpec) -> None:
        self.spec = spec
        self.connections = 0
        self.snis: list[str | None] = []
        self.requests: list[tuple[str, str]] = []
        self.port = 0
        self._server: asyncio.Server | None = None
        self._placeholder: socket.socket | None = None
        self._tls: BackendTls | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._tls = BackendTls(self.spec, self.snis.append) if self.spec.speaks_tls else None
        if isinstance(self.spec.behaviour, Refusing):
            self._hold_port()
        else:
            await self._listen()

    async def close(self) -> None:
        await self._stop_listening()
        self._release_port()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def change(self, **changes: Any) -> None:
        """Replace fields of the spec; open connections keep the old ones."""
        self.spec = replace(self.spec, **changes)
        self._tls = BackendTls(self.spec, self.snis.append) if self.spec.speaks_tls else None
        if isinstance(self.spec.behaviour, Refusing):
            await self._stop_listening()
            self._hold_port()
        elif self._server is None:
            self._release_port()
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", self.port, backlog=_BACKLOG
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _hold_port(self) -> None:
        """Bind the port without listening: connections are refused, and nobody else can take it."""
        if self._placeholder is None:
            self._placeholder = socket.socket()
            self._placeholder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._placeholder.bind(("127.0.0.1", self.port))
            self.port = self._placeholder.getsockname()[1]

    def _release_port(self) -> None:
        if self._placeholder is not None:
            self._placeholder.close()
            self._placeholder = None

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        # A task of our own: asyncio's own task for a coroutine is logged as an error when it is cancelled,
        # in early releases of 3.11 and 3.12 (https://github.com/python/cpython/issues/113538).
        task = asyncio.create_task(self._accept(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # A client may close the connection or fail the handshake; that is not the server's error.
            with suppress(OSError, EOFError, TimeoutError, SSL.Error):
                async with asyncio.timeout(_CLIENT_TIMEOUT):
                    await self._serve(PlainStream(reader, writer), writer)
                    writer.close()
                    await writer.wait_closed()
        finally:
            writer.transport.abort()

    async def _serve(self, stream: Stream, writer: asyncio.StreamWriter) -> None:
        match self.spec.behaviour:
            case Resetting():
                _arm_reset(writer)
                raise ConnectionResetError
            case Silent():
                await _ignore(stream)
            case OnePacket(most, resets):
                begun, length = await peeked(stream)
                if length <= most:
                    await self._talk(begun)
                elif resets:
                    _arm_reset(writer)
                    raise ConnectionResetError
                else:
                    await _ignore(stream)
            case Denying(sources, answer) if _source(writer) in sources:
                if answer is None:
                    _arm_reset(writer)
                    raise ConnectionResetError
                await self._talk(stream, replace(self.spec, routes=(), otherwise=answer))
            case HeaderFirst():
                rest = await after_proxy_line(stream)
                if rest is not None:
                    await self._talk(rest)
            case OldSuites() as old:
                await bare_tls.begin(stream, old, ())
            case _:
                await self._talk(stream)

    async def _talk(self, stream: Stream, spec: BackendSpec | None = None) -> None:
        spec, tls = spec or self.spec, self._tls
        if tls is None:
            await self._answer(spec, stream)
            return
        group = spec.tls.dh
        if group is not None and group.bits < LEAST_DH_BITS:
            await bare_tls.begin(stream, group, spec.default or ())
            return
        secure = await tls.accept(stream)
        await self._answer(spec, secure)
        await secure.say_goodbye()

    async def _answer(self, spec: BackendSpec, stream: Stream) -> None:
        if isinstance(spec.behaviour, Http2Only):
            await stream.write(_SETTINGS)
            await stream.read()
            await stream.write(_GOAWAY)
            return
        head = await _read_head(stream)
        path, host = _path_and_host(head.decode("latin-1"))
        self.requests.append((host, path))
        if isinstance(spec.behaviour, Slow):
            await asyncio.sleep(spec.behaviour.seconds)
        is_http = head[:1].isalpha()
        answer = spec.answer_for(host, path) if is_http else Answer(400, b"Bad Request\n")
        await asyncio.sleep(answer.seconds)
        lines = [f"HTTP/1.1 {answer.status} Lab", f"Content-Length: {len(answer.body)}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines += ["Connection: close", "", ""]
        await stream.write("\r\n".join(lines).encode("latin-1") + answer.body)


async def _ignore(stream: Stream) -> None:
    while await stream.read():
        pass


async def _read_head(stream: Stream) -> bytes:
    """A request up to its empty line; EOFError if it does not come, or is too long.

    What cannot be HTTP, such as TLS on a plain port, is returned as soon as it is seen.
    """
    head = b""
    while b"\r\n\r\n" not in head and (not head or head[:1].isalpha()):
        data = await stream.read()
        if not data or len(head) > _MAX_HEAD:
            raise EOFError("no request")
        head += data
    return head


def _source(writer: asyncio.StreamWriter) -> str:
    peer: tuple[str, int] = writer.get_extra_info("peername")
    return peer[0]


def _arm_reset(writer: asyncio.StreamWriter) -> None:
    """Let the coming close send RST: SO_LINGER on, for zero seconds (socket(7))."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _path_and_host(head: str) -> tuple[str, str]:
    """The path of a request and its Host header, lower case and without port."""
    request, *fields = head.split("\r\n")
    words = request.split(" ")
    path = words[1] if len(words) == 3 else "/"
    for line in fields:
        name, _, value = line.partition(":")
        if name.lower() == "host":
            host = value.strip().lower()
            return path, host if host.endswith("]") else host.rsplit(":", 1)[0]
    return path, ""
