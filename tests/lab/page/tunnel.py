"""A line between the browser and the lab that a test can cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self
from urllib.parse import urlsplit

HOST = "127.0.0.1"


class Tunnel:
    """Forwards TCP from a port of its own to the lab. `url` is the page's address through it."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._lines: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._port = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        """A tunnel to the server of that address."""
        port = urlsplit(url).port
        assert port is not None
        tunnel = cls(port)
        await tunnel.mend()
        try:
            yield tunnel
        finally:
            await tunnel.cut()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}/"

    async def mend(self) -> None:
        """Listen, again on the same port."""
        self._server = await asyncio.start_server(self._accept, HOST, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break every line, and refuse new ones."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.create_task(self._join(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(HOST, self._target)
        try:
            await asyncio.gather(_pump(reader, forth), _pump(back, writer))
        finally:
            for end in (writer, forth):
                end.transport.abort()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except ConnectionError:
        pass
    sink.close()
