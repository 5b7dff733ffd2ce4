"""A network between a replica and its database, which can be cut: what is sent then arrives nowhere, ever."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter


class Network:
    """Forwards 127.0.0.1:`port` to a server, until it is cut."""

    def __init__(self, to: int) -> None:
        self.port = 0
        self.is_cut = asyncio.Event()
        self._to = to
        self.ended = asyncio.Event()
        """A server has ended a connection, and all that it said before was passed on."""
        self._whole = asyncio.Event()
        self._whole.set()
        self._keeps_open = False
        self._collects = False
        self._overheard: Callable[[], object] = _nothing
        self._tasks: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """From now on nothing gets through, and nobody is told."""
        self._whole.clear()
        self.is_cut.set()

    def mend(self) -> None:
        """What was sent meanwhile arrives, late."""
        self._whole.set()
        self.is_cut.clear()

    def forget(self) -> None:
        """Let nothing through on the connections that there are, as a firewall does with silent ones; new ones work."""
        self._whole.clear()
        self._whole = asyncio.Event()
        self._whole.set()

    def keep_open(self) -> None:
        """Let everything through but the ends of connections."""
        self._keeps_open = True

    def collect(self) -> None:
        """Hold back what servers say until they end the connection; then all of it arrives at once."""
        self._collects = True

    def pass_on(self) -> None:
        """Let new connections through again, word by word."""
        self._collects = False

    def overhear(self, heard: Callable[[], object]) -> None:
        """Call that when a server's next words have been passed on, and have not been read yet."""
        self._overheard = heard

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Network"]:
        listener = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = listener.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            listener.close()
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(OSError, asyncio.CancelledError):
            whole = self._whole
            await whole.wait()
            there, away = await asyncio.open_connection("127.0.0.1", self._to)
            try:
                await asyncio.gather(
                    self._ask(reader, away, whole), self._answer(there, writer, whole)
                )
            finally:
                away.transport.abort()
        writer.transport.abort()
        self._tasks.discard(task)

    async def _ask(self, reader: Reader, writer: Writer, whole: asyncio.Event) -> None:
        with suppress(OSError):
            async for data in _said(reader, whole):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def _answer(self, reader: Reader, writer: Writer, whole: asyncio.Event) -> None:
        kept = bytearray()
        with suppress(OSError):
            async for data in _said(reader, whole):
                if self._collects:
                    kept += data
                    continue
                writer.write(data)
                heard, self._overheard = self._overheard, _nothing
                heard()
                await writer.drain()
            writer.write(kept)
        self.ended.set()
        if not self._keeps_open:
            writer.close()


async def _said(reader: Reader, whole: asyncio.Event) -> AsyncIterator[bytes]:
    while data := await reader.read(65536):
        await whole.wait()
        yield data


def _nothing() -> None:
    pass
