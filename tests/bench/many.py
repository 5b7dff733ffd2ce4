"""Memory of one process that makes a thousand diagnoses: flat, once there is what it remembers."""

import asyncio
import json
import os
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from bot.azure import ResourceManager
from bot.cli.garbage import look_seldom
from bot.cli.serving import keep_for_good
from bot.cli.wiring import now
from bot.lab.guard import loopback_only
from bot.probe import NetworkProber
from bot.workflow import Policy
from bot.workflow.diagnosing import Diagnostician
from tests.bench import large
from tests.bench.children import servers
from tests.bench.compiled import NoCompiler, compiled
from tests.bench.measure import Ratio
from tests.bench.serving import resident
from tests.bench.waiting import STATUS, far_servers

FEW, MANY = 200, 1_000
AT_ONCE = 8
FLAT = 1.1
"""How many times the memory after a few diagnoses many may take."""


async def memory_of_many() -> list[Ratio]:
    """After a thousand diagnoses, against what it was after a few."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            server = compiled(folder, "server")
        except NoCompiler as why:
            print(f"memory of {MANY:,} diagnoses: left out, {why}")
            return []
        there = servers("tests.bench.waiting", "healthy", "1")
        arm, *keys = await stack.enter_async_context(there)
        far = far_servers(folder, server, STATUS["healthy"], *keys)
        port = await stack.enter_async_context(far)
        child = servers("tests.bench.many", arm, str(port))
        few, many = await stack.enter_async_context(child)
    what = f"resident after {MANY:,} diagnoses in one process, against after {FEW}"
    return [Ratio(what, many, few, FLAT, "MB")]


async def _diagnose(arm: str, port: int) -> None:
    ways = {(large.address(0), 443): ("127.0.0.1", port)}
    prober = NetworkProber(ways, loopback_only=True)
    manager = ResourceManager(arm)
    diagnostician = Diagnostician(manager, prober, Policy(), now)
    free = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with free:
            assert (await diagnostician.examine(large.ID)).report.verdict == "healthy"

    look_seldom()  # As `agw serve` does.
    keep_for_good()
    try:
        await asyncio.gather(*(one() for _ in range(FEW)))
        few = resident(os.getpid())
        for _ in range(FEW, MANY, FEW):
            await asyncio.gather(*(one() for _ in range(FEW)))
        print(json.dumps([few, resident(os.getpid())]), flush=True)
    finally:
        await manager.close()


if __name__ == "__main__":
    with loopback_only():
        asyncio.run(_diagnose(sys.argv[1], int(sys.argv[2])))
