"""One backend server on 127.0.0.1, as its spec says, which may change while it runs."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.lab.backends.spec import BackendSpec, Refusing, Resetting, Silent, Slow
from bot.lab.backends.tls import server_context

_MAX_HEAD = 16 * 1024
_CLIENT_PATIENCE = 30.0


class _Protocol(asyncio.StreamReaderProtocol):
    """Streams over a connection that starts TLS later.

    A client may close in the same breath in which the handshake ends; asyncio's own protocol
    does not know yet that TLS has begun and would ask to stay half open, which TLS cannot be.
    """

    def eof_received(self) -> bool:
        super().eof_received()
        return False


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
        self._context: ssl.SSLContext | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._context = self._make_context()
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
        """Replace fields of the spec; connections that are open keep what they have."""
        self.spec = replace(self.spec, **changes)
        self._context = self._make_context()
        if isinstance(self.spec.behaviour, Refusing):
            await self._stop_listening()
            self._hold_port()
        elif self._server is None:
            self._release_port()
            await self._listen()

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()

        def protocol() -> _Protocol:
            return _Protocol(asyncio.StreamReader(_MAX_HEAD, loop), self._accept, loop)

        self._server = await loop.create_server(protocol, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _hold_port(self) -> None:
        """Bind the port without listening: connecting is refused, and nobody else may have it."""
        if self._placeholder is None:
            self._placeholder = socket.socket()
            self._placeholder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._placeholder.bind(("127.0.0.1", self.port))
            self.port = self._placeholder.getsockname()[1]

    def _release_port(self) -> None:
        if self._placeholder is not None:
            self._placeholder.close()
            self._placeholder = None

    def _make_context(self) -> ssl.SSLContext | None:
        if not self.spec.speaks_tls:
            return None
        return server_context(self.spec, self.snis.append)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            # A client that goes away, or that will not shake hands, is the client's affair.
            with suppress(OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
                async with asyncio.timeout(_CLIENT_PATIENCE):
                    await self._serve(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        spec, context = self.spec, self._context
        match spec.behaviour:
            case Resetting():
                _arm_reset(writer)
                return
            case Silent():
                await reader.read()
                return
        if context is not None:
            await writer.start_tls(context)
        await self._answer(spec, reader, writer)
        writer.close()
        await writer.wait_closed()

    async def _answer(
        self, spec: BackendSpec, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path, host = _path_and_host(head)
        self.requests.append((host, path))
        if isinstance(spec.behaviour, Slow):
            await asyncio.sleep(spec.behaviour.seconds)
        answer = spec.answer_for(host, path)
        lines = [f"HTTP/1.1 {answer.status} Lab", f"Content-Length: {len(answer.body)}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines += ["Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode("latin-1") + answer.body)
        await writer.drain()


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
