"""A database as it is after years, against one with few rows: a bot on each, asked in turns."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bot.lab.scenarios import scenario as named
from bot.lab.slack import Limits
from bot.lab.world import CHANNEL, World, open_world
from tests import postgresql
from tests.bench.children import ended
from tests.bench.filling import MANY_CHANGES, MANY_LINES, fill
from tests.bench.measure import Ratio
from tests.bench.memory import IDLE
from tests.bench.serving import ADA, PATIENCE, answers, resident, serving, worked
from tests.store.make import change

FEW = 1_000

COMMANDS = ("/agw history", "/agw status", "/agw history agw-test", "/agw status agw-test")
ASKED = 100
"""Times that each command is given."""

UNLIMITED = Limits(rate_limited=False)
"""Of so many commands, most would wait for Slack and not for the database."""

WATCHED = 5.0
"""Seconds for which an idle bot is watched."""

READ = 20_000
"""Lines of the audit log after which its reader has shown what memory it needs."""

FLAT = 1.2


async def in_a_file() -> list[Ratio]:
    """With many rows in SQLite nothing should cost more than with few."""
    return await _compared("sqlite")


async def in_postgresql() -> list[Ratio]:
    """The same in PostgreSQL, where there is one."""
    if not postgresql.is_there():
        print("rows in PostgreSQL: left out, as there is none here (Debian's package postgresql)")
        return []
    try:
        return await _compared("postgresql")
    finally:
        await asyncio.to_thread(postgresql.stop)


@dataclass(frozen=True, slots=True)
class _Bot:
    """A bot that runs on a database."""

    world: World
    pid: int
    lines: int


async def _compared(kind: str) -> list[Ratio]:
    rows = f"{kind}, {MANY_CHANGES:,} changes, {MANY_LINES:,} lines"
    async with AsyncExitStack() as stack:
        few = await stack.enter_async_context(_bot(kind, FEW, FEW))
        many = await stack.enter_async_context(_bot(kind, MANY_CHANGES, MANY_LINES))
        answered = [
            Ratio(f"{it}, p99, {rows}, against {FEW:,}", *await _slowest(many, few, it), 2)
            for it in COMMANDS
        ]
        began = worked(many.pid)
        await asyncio.sleep(WATCHED)
        idle, memory = (worked(many.pid) - began) / WATCHED, resident(many.pid)
        read = [await _audit(each) for _ in range(3) for each in (many, few)]
    (first_many, most_many), (first_few, most_few) = (
        (median(it for it, _ in part), median(it for _, it in part))
        for part in (read[::2], read[1::2])
    )
    return [
        Ratio(f"idle CPU, {rows}, against half a percent", idle, 0.005, 1, "of a core"),
        Ratio(f"resident, {rows}", memory, IDLE, 1, "MB"),
        *answered,
        Ratio(f"agw audit, first line, {rows}, against {FEW:,}", first_many, first_few, 2),
        Ratio(f"agw audit, most memory, {kind}", most_many, most_few, FLAT, "MB"),
    ]


@asynccontextmanager
async def _bot(kind: str, changes: int, lines: int) -> AsyncIterator[_Bot]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        world = await stack.enter_async_context(
            open_world(named("ilb-ase"), state=Path(folder), limits=UNLIMITED)
        )
        if kind == "postgresql":
            url = await postgresql.database(f"rows_{changes}")
            world = replace(world, environment={**world.environment, "AGW_DATABASE_URL": url})
        gateway_id = str(world.azure.gateway("agw-test")["id"])
        old = change("like", gateway_id)
        await fill(world.environment["AGW_DATABASE_URL"], old, changes, lines)
        yield _Bot(world, await stack.enter_async_context(serving(world)), lines)


async def _slowest(many: _Bot, few: _Bot, command: str) -> tuple[float, float]:
    """Seconds to the answer of each in 99 cases of 100; they take turns, so a busy machine slows both."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(ASKED):
        for each, its in zip((many, few), took, strict=True):
            its.append(await _answered(each.world, command))
    many_took, few_took = (sorted(it)[ASKED * 99 // 100 - 1] for it in took)
    return many_took, few_took


async def _answered(world: World, command: str) -> float:
    before, began = len(answers(world)), time.perf_counter()
    await world.slack.command(ADA, CHANNEL, command)
    await world.slack.wait_for(lambda: len(answers(world)) > before, PATIENCE)
    return time.perf_counter() - began


async def _audit(bot: _Bot) -> tuple[float, float]:
    """Seconds to the first line, and the most MB while many are read."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "audit"),
        env={"PATH": os.environ["PATH"], "HOME": os.devnull, **bot.world.environment},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert await process.stdout.readline()
        took = time.perf_counter() - began
        for _ in range(min(READ, bot.lines // 2)):
            await process.stdout.readline()
        return took, resident(process.pid, "VmHWM")
    finally:
        await ended(process)
