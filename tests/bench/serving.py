"""`agw serve` as a process, and what it costs while it runs."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.lab.values import Json
from bot.lab.world import CHANNEL, World

ADA = "U0ADA"
PATIENCE = 60.0


@asynccontextmanager
async def serving(world: World) -> AsyncIterator[int]:
    """The bot of this world, connected; its process id."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, **world.environment}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"agw is connected to Slack.\n"
        await world.slack.wait_connected()
        yield process.pid
    finally:
        process.terminate()
        await process.communicate()


def all_processes(pid: int) -> list[int]:
    """A process and everything that it has started."""
    found = [pid]
    with suppress(FileNotFoundError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += all_processes(int(child))
    return list(dict.fromkeys(found))


def resident(pid: int, what: str = "VmRSS") -> float:
    """MB of all its processes together; `VmHWM` is the most there ever were."""
    lines = (
        line
        for each in all_processes(pid)
        for line in Path(f"/proc/{each}/status").read_text().splitlines()
    )
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def worked(pid: int) -> float:
    """Seconds of processor time of all its processes and threads so far."""
    tasks = (task for each in all_processes(pid) for task in Path(f"/proc/{each}/task").iterdir())
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def answers(world: World) -> list[Json]:
    """What only Ada has been told."""
    return world.slack.ephemerals(ADA, CHANNEL)
