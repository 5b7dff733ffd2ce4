"""A database as it is after years: old changes and lines of the audit log, made by the database itself."""

import asyncio
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change
from bot.lab.scenarios import scenario as named
from bot.lab.world import CHANNEL, World, open_world
from bot.store import SqliteStore
from bot.store.values import change_to_text, moment, to_text
from tests.bench.measure import Ratio
from tests.bench.memory import IDLE
from tests.bench.serving import ADA, PATIENCE, answers, resident, serving, worked
from tests.store.make import change

MANY_CHANGES, MANY_LINES = 100_000, 1_000_000
FEW = 1_000

COMMANDS = ("/agw history", "/agw status", "/agw history agw-test", "/agw status agw-test")
ASKED = 50
"""Times that each command is given."""

WATCHED = 15.0
"""Seconds for which an idle bot is watched."""

READ = 20_000
"""Lines of the audit log after which its reader has shown what memory it needs."""

FLAT = 1.2

_COUNTING = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count - 1)"
_WHEN = "strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', :began, '+' || (n * :apart) || ' seconds')"
_CHANGES = f"""
    INSERT INTO changes (id, gateway, state, created, expires, incident, packed, body)
    {_COUNTING} SELECT 'old' || n, :gateway, 'healthy', {_WHEN}, :began, 'i' || n, 1, :body FROM numbers
"""
_LINES = f"""
    INSERT INTO audit (at, gateway, name, body, previous, hash)
    {_COUNTING} SELECT {_WHEN}, :gateway, :name, :body, 'h' || (n - 1), 'h' || n FROM numbers
"""


async def fill(path: Path, like: Change, changes: int, lines: int) -> None:
    """Add so many changes like this one, carried out in the years before, and lines about them."""
    store = await SqliteStore.open(f"sqlite:///{path}")
    await store.close()
    began = like.created - timedelta(days=1_000)
    done = replace(like, state="healthy", before=None)
    entry = AuditEntry(
        began, "verified", like.plan.gateway_id, "T0LAB", "U0ADA", like.id, {"state": "healthy"}
    )
    usual = {"gateway": like.plan.gateway_id.lower(), "began": moment(began)}
    with closing(sqlite3.connect(path)) as connection, connection:
        # Nothing here is worth waiting for the disk.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            _CHANGES,
            {
                **usual,
                "count": changes,
                "apart": 80_000_000 // changes,
                "body": change_to_text(done),
            },
        )
        connection.execute(
            _LINES,
            {
                **usual,
                "count": lines,
                "apart": max(1, 80_000_000 // lines),
                "name": like.plan.gateway_id.rpartition("/")[2].lower(),
                "body": to_text(entry),
            },
        )


async def many_and_few() -> list[Ratio]:
    """With many rows nothing should cost more than with few."""
    few = await _measured(FEW, FEW)
    many = await _measured(MANY_CHANGES, MANY_LINES)
    rows = f"{MANY_CHANGES:,} changes, {MANY_LINES:,} lines"
    return [
        Ratio(f"idle CPU with {rows}, against half a percent", many.idle, 0.005, 1, "of a core"),
        Ratio(f"resident with {rows}", many.resident, IDLE, 1, "MB"),
        *(
            Ratio(f"{command}, p98, {rows}, against {FEW:,}", slow, few.answers[command], 2)
            for command, slow in many.answers.items()
        ),
        Ratio(
            f"agw audit, first line, {rows}, against {FEW:,}", many.first_line, few.first_line, 2
        ),
        Ratio("agw audit, most memory", many.reading, few.reading, FLAT, "MB"),
    ]


@dataclass(frozen=True, slots=True)
class _Measured:
    """CPU and memory of an idle bot, the slowest answers by command, the first line of `agw audit` and its memory."""

    idle: float
    resident: float
    answers: Mapping[str, float]
    first_line: float
    reading: float


async def _measured(changes: int, lines: int) -> _Measured:
    with tempfile.TemporaryDirectory() as folder:
        async with open_world(named("ilb-ase"), state=Path(folder)) as world:
            gateway_id = str(world.azure.gateway("agw-test")["id"])
            await fill(Path(folder) / "agw.db", change("like", gateway_id), changes, lines)
            async with serving(world) as pid:
                asked = {it: await _slowest(world, it) for it in COMMANDS}
                began = worked(pid)
                await asyncio.sleep(WATCHED)
                idle, memory = (worked(pid) - began) / WATCHED, resident(pid)
            read = [await _audit(world, lines) for _ in range(3)]
    return _Measured(
        idle, memory, asked, median(it for it, _ in read), median(it for _, it in read)
    )


async def _slowest(world: World, command: str) -> float:
    """Seconds to the answer, in 98 cases of 100."""
    took: list[float] = []
    for _ in range(ASKED):
        before, began = len(answers(world)), time.perf_counter()
        await world.slack.command(ADA, CHANNEL, command)
        await world.slack.wait_for(lambda: len(answers(world)) > before, PATIENCE)  # noqa: B023
        took.append(time.perf_counter() - began)
    return sorted(took)[ASKED * 99 // 100 - 1]


async def _audit(world: World, lines: int) -> tuple[float, float]:
    """Seconds to the first line, and the most MB while many are read."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "audit"),
        env={"PATH": os.environ["PATH"], "HOME": os.devnull, **world.environment},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert await process.stdout.readline()
        took = time.perf_counter() - began
        for _ in range(min(READ, lines // 2)):
            await process.stdout.readline()
        return took, resident(process.pid, "VmHWM")
    finally:
        process.kill()
        await process.wait()
