"""Servers on loopback that do what they are told, down to the byte.

The TLS server drives `ssl.MemoryBIO` itself, because asyncio's own TLS hangs up on a failed handshake without
sending the alert that OpenSSL has ready.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bot.lab.pki import Issued

T = TypeVar("T")
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class Server:
    """A listening server that counts the connections opened and closed."""

    port: int = 0
    opened: int = 0
    closed: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def endpoint(self) -> tuple[str, int]:
        return ("127.0.0.1", self.port)

    async def until(self, reached: Callable[["Server"], bool], patience: float = 10) -> None:
        """Wait until the counters are so; TimeoutError after `patience` seconds."""
        async with asyncio.timeout(patience), self.changed:
            await self.changed.wait_for(lambda: reached(self))

    async def count(self, opened: int, closed: int) -> None:
        async with self.changed:
            self.opened += opened
            self.closed += closed
            self.changed.notify_all()


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[Server]:
    """A TCP server that hands each connection to `handler` and closes it afterwards."""
    state = Server()
    tasks: set[asyncio.Task[None]] = set()
    writers: set[asyncio.StreamWriter] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await state.count(1, 0)
        try:
            with suppress(OSError, EOFError):
                await handler(reader, writer)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()
            await state.count(0, 1)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        task = asyncio.create_task(handle(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # Of a connection that came at the very end, the task was cancelled before its first step.
        for writer in writers:
            writer.transport.abort()


def saying(words: bytes) -> Handler:
    """Speak first, then wait for the other side to hang up."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        await reader.read()

    return handler


def answering(words: bytes, *, stay: bool = False) -> Handler:
    """Answer the head of a request with these bytes; hang up, or stay and say no more."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(words)
        if stay:
            await reader.read()

    return handler


def over_tls(context: ssl.SSLContext, answer: bytes = b"") -> Handler:
    """Shake hands, read one request, answer; a failed handshake ends with its alert."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = context.wrap_bio(incoming, outgoing, server_side=True)

        async def drive(step: Callable[[], T]) -> T:
            while True:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    writer.write(outgoing.read())
                    received = await reader.read(65536)
                    if received:
                        incoming.write(received)
                    else:
                        incoming.write_eof()
                finally:
                    writer.write(outgoing.read())

        with suppress(ssl.SSLError):
            await drive(session.do_handshake)
            await drive(lambda: session.read(65536))
            await drive(lambda: session.write(answer))
            await drive(session.unwrap)

    return handler


def tls_context(folder: Path, chain: tuple[Issued, ...]) -> ssl.SSLContext:
    """A server's context that sends this chain; its first certificate has to be the server's own."""
    pem = folder / "chain.pem"
    pem.write_bytes(b"".join(issued.pem for issued in chain) + chain[0].key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # Weak keys, too, so that the client is the judge.
    context.load_cert_chain(pem)
    return context
