"""Syslog servers on loopback: they take what comes, or nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.setting_values import SyslogServer


class Received:
    """What one server was sent, message by message; `server` is how the bot is told of it."""

    def __init__(self, server: SyslogServer) -> None:
        self.server = server
        self.messages: asyncio.Queue[bytes] = asyncio.Queue()
        self.connections = 0
        self.ended: asyncio.Queue[None] = asyncio.Queue()

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        assert not isinstance(self.server.address, str)
        return self.server.address[1]

    async def texts(self, number: int) -> list[str]:
        """The next messages."""
        return [(await self.messages.get()).decode() for _ in range(number)]


@asynccontextmanager
async def datagrams(path: Path | None = None) -> AsyncIterator[Received]:
    """UDP, or a socket of this machine."""
    if path is None:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.bind(("127.0.0.1", 0))
        received = Received(SyslogServer("udp", made.getsockname()))
    else:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        made.bind(str(path))
        received = Received(SyslogServer("unix", str(path)))
    made.setblocking(False)

    async def receive() -> None:
        while True:
            received.messages.put_nowait(await asyncio.get_running_loop().sock_recv(made, 65536))

    task = asyncio.create_task(receive())
    try:
        yield received
    finally:
        task.cancel()
        await asyncio.wait({task})
        made.close()


@asynccontextmanager
async def stream(port: int = 0, *, messages: int | None = None) -> AsyncIterator[Received]:
    """TCP, with octet counting (RFC 6587, 3.4.1); each connection is ended after so many messages."""
    received = Received(SyslogServer("tcp", ("127.0.0.1", port)))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.connections += 1
        taken = 0
        try:
            while messages is None or taken < messages:
                count = await reader.readuntil(b" ")
                received.messages.put_nowait(await reader.readexactly(int(count)))
                taken += 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            received.ended.put_nowait(None)

    listening = await asyncio.start_server(serve, "127.0.0.1", port)
    received.server = SyslogServer("tcp", listening.sockets[0].getsockname()[:2])
    try:
        yield received
    finally:
        listening.close()
        await listening.wait_closed()


@asynccontextmanager
async def deaf() -> AsyncIterator[SyslogServer]:
    """TCP: it takes connections, and reads nothing."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield SyslogServer("tcp", listening.getsockname())
