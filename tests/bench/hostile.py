"""The longest turn of the event loop while a hostile server does its worst, against the 50 ms that nobody notices.

The servers are in a process of their own, so that their work is not measured.
"""

import asyncio
import gzip
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.azure import ResourceManager
from bot.azure.bounded import MOST_BYTES
from bot.cli.garbage import look_seldom
from bot.cli.log import silence
from bot.cli.serving import keep_for_good
from bot.core.model.observation import Attempt
from bot.core.problem import Problem
from bot.lab.pki import authority, leaf
from bot.probe import NetworkProber
from bot.probe.dns import resolve
from tests.azure.conftest import ID
from tests.azure.wild import answer, raw, wild_server
from tests.bench import large
from tests.bench.children import ended
from tests.bench.measure import Ratio
from tests.probe.hostile import INTERIM, byte_by_byte, costly_key, endless
from tests.probe.names import naming
from tests.probe.servers import Handler, answering, over_tls, serving, tls_context

UNNOTICED = 0.05
BEAT = 0.001
AT_ONCE = 8
"""As many connections to each server at a time."""

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


async def turns() -> list[Ratio]:
    """The longest turn for each kind of server."""
    silence()
    look_seldom()  # As `agw serve` does.
    keep_for_good()
    async with _servers() as ports:
        return [
            Ratio(f"longest turn, {name}", await _longest(_met(name, port)), UNNOTICED, goal=1)
            for name, port in ports.items()
        ]


async def _met(name: str, port: int) -> None:
    if name == "dns":
        await _resolved(port)
    elif name in _ARM:
        await _asked(port)
    else:
        await _probed(port, tls=name.startswith("tls "))


async def _longest(work: Awaitable[object]) -> float:
    """Seconds by which something else had to wait longer than it asked for, without those in which this process was
    not at work: the machine may be busy with something else.
    """
    clock = asyncio.get_running_loop().time
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            began, worked = clock(), time.process_time()
            await asyncio.sleep(BEAT)
            waited, busy = clock() - began - BEAT, time.process_time() - worked
            longest = max(longest, min(waited, busy))

    beating = asyncio.create_task(beat())
    try:
        await work
    finally:
        beating.cancel()
    return longest


async def _probed(port: int, *, tls: bool) -> None:
    prober = NetworkProber({("10.1.5.11", 443): ("127.0.0.1", port)}, loopback_only=True)
    attempts = [
        Attempt("10.1.5.11", 443, tls, f"h{it}.contoso.com" if tls else None, "a", "/")
        for it in range(AT_ONCE)
    ]
    await prober.observe(attempts, (), 10)


async def _asked(port: int) -> None:
    arm = ResourceManager(f"http://127.0.0.1:{port}")
    try:
        await asyncio.gather(arm.read(ID), arm.health(ID, 10), return_exceptions=True)
        await arm.list_gateways()
    except Problem:
        pass
    finally:
        await arm.close()


async def _resolved(port: int) -> None:
    deadline = asyncio.get_running_loop().time() + 5
    await resolve("shop.contoso.com", [("127.0.0.1", port)], deadline)


def _hostile(folder: Path) -> Mapping[str, Handler]:
    site = leaf("shop.contoso.com", issuer=authority("Contoso Root CA"))
    key = costly_key()
    costly = [authority("Costly", key=key) for _ in range(74)]
    few = [authority("Costly", key=key) for _ in range(18)]
    usual, many, some = (folder / it for it in ("usual", "many", "some"))
    for each in (usual, many, some):
        each.mkdir()
    context = tls_context(usual, (site,))
    return {
        "tls 1xx in records of one byte": byte_by_byte(context, INTERIM * 6_000),
        "tls page in records of one byte": byte_by_byte(
            context, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 60_000
        ),
        "tls 75 costly certificates": over_tls(tls_context(many, (site, *costly))),
        "tls 19 costly certificates": over_tls(tls_context(some, (site, *few))),
        "many headers": answering(b"HTTP/1.1 200 OK\r\n" + b"a:b\r\n" * 60_000),
        "tiny chunks": answering(CHUNKED + b"1\r\nx\r\n" * 60_000),
        "endless chunk size": answering(CHUNKED + b"1" + b";" * 200_000),
        "endless body": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    }


_FILL = b'{"a":"' + b"x" * 170 + b'"},'
_ARM: Mapping[str, Callable[[], bytes]] = {
    "azure bomb of 400 MB": lambda: raw(
        200, gzip.compress(bytes(400_000_000), 1), Content_Encoding="gzip"
    ),
    "azure page of 8 MB": lambda: raw(
        200, b'{"value":[' + _FILL * (8_000_000 // len(_FILL)) + b"{}]}"
    ),
    "azure list of empty lists": lambda: raw(200, b'{"value":[' + b"[]," * 49_000 + b"[]]}"),
    "azure endless text": lambda: raw(200, b" " * (2 * MOST_BYTES)),
    "azure long refusal": lambda: raw(403, b"perform action '" * 1_000_000),
    "azure gateway of 100 listeners": lambda: answer(200, large.gateway()),
    "azure report of 1,200 servers": lambda: answer(
        200, large.health(large.gateway(), word="Unhealthy", log="Cannot connect to it. " * 20)
    ),
    "azure list of large gateways": lambda: answer(200, {"value": [large.gateway()] * 10}),
    "azure object of many members": lambda: raw(
        200, b"{" + b",".join(b'"%d":1' % it for it in range(240_000)) + b"}"
    ),
    "azure text of escapes": lambda: raw(200, b'{"value":["' + b"\\n" * 4_000_000 + b'"]}'),
    "azure list of long numbers": lambda: raw(200, _list_of(b"9" * 4_299, 1_900)),
    "azure list of costly numbers": lambda: raw(200, _list_of(b"2.2250738585072011e-308", 249_000)),
    "azure text of wide characters": lambda: raw(
        200, b'{"value":["' + b"x" * 8_000_000 + "\U0001f600".encode() + b'"]}'
    ),
    "azure usual": lambda: answer(200, {"id": ID, "value": []}),
}


def _list_of(number: bytes, count: int) -> bytes:
    return b'{"value":[' + b",".join([number] * count) + b"]}"


async def _serve() -> None:
    """In the process of the servers: their ports as JSON, until stdin ends."""
    ports: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            for name, handler in _hostile(Path(folder)).items():
                ports[name] = (await stack.enter_async_context(serving(handler))).port
            for name, reply in _ARM.items():
                server = await stack.enter_async_context(wild_server(reply()))
                ports[name] = int(server.url.rpartition(":")[2])
            crowd = " ".join(f"10.9.{it >> 8}.{it & 255}" for it in range(4000))
            says = {"shop.contoso.com A": [f"shop.contoso.com 60 IN A {crowd}"]}
            ports["dns"] = (await stack.enter_async_context(naming(says))).port
            print(json.dumps(ports), flush=True)
            await asyncio.to_thread(sys.stdin.read)


@asynccontextmanager
async def _servers() -> AsyncIterator[Mapping[str, int]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.hostile"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        await ended(process)


if __name__ == "__main__":
    asyncio.run(_serve())
