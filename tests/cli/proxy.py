"""A company's network: nothing outside can be reached or looked up but by a proxy, which takes CONNECT.

Behind it, on loopback, are servers that stand for those outside; their certificates are signed by the test's authority.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.model.endpoint import Endpoint
from bot.lab.pki import authority, leaf
from tests.probe.servers import tls_context

HOST = "127.0.0.1"


@dataclass(slots=True)
class Proxy:
    """`asked` are the hosts and ports that somebody wanted to reach; `trust` is the file of the authority."""

    trust: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def has_led_to(self, *hosts: str) -> None:
        """Wait until somebody has reached all of them."""
        async with self.news:
            await self.news.wait_for(lambda: set(hosts) <= set(self.asked))


@asynccontextmanager
async def company(folder: Path, outside: Mapping[str, Endpoint]) -> AsyncIterator[Proxy]:
    """A running proxy to `outside`: names of hosts, and where their plain servers really are."""
    ca = authority("A company's authority")
    trust = folder / "trust.pem"
    trust.write_bytes(ca.pem)
    server = leaf("outside", dns_names=tuple(outside), issuer=ca)
    context = tls_context(folder, (server, ca))
    proxy = Proxy(trust)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _lead(proxy, context, outside, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # Whoever asked has gone.
        finally:
            writer.close()

    listening = await asyncio.start_server(take, HOST, 0)
    proxy.url = f"http://{HOST}:{listening.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        listening.close()


async def _lead(
    proxy: Proxy,
    context: ssl.SSLContext,
    outside: Mapping[str, Endpoint],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    method, where = head.split(" ")[:2]
    async with proxy.news:
        proxy.asked.append(where if method == "CONNECT" else f"{method} {where}")
        proxy.news.notify_all()
    host = where.rpartition(":")[0]
    if method != "CONNECT" or host not in outside:
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        return
    there = await asyncio.open_connection(*outside[host])
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await writer.start_tls(context)
    try:
        await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))
    finally:
        there[1].close()


async def _pipe(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        to.write(data)
        await to.drain()
    if to.can_write_eof():
        to.write_eof()
    else:
        to.close()
