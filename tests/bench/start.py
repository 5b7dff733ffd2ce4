"""What a start costs: `--help` imports neither Azure nor Slack."""

import asyncio
import os
import sys
from collections.abc import Mapping

from bot.lab.scenarios import scenario as named
from bot.lab.world import open_world
from tests.bench.measure import Ratio, seconds


async def help_and_diagnosis() -> list[Ratio]:
    """Both as processes, from their start to their end."""
    async with open_world(named("ilb-ase")) as world:
        asked = await process(world.environment, "diagnose", "agw-test", "--json")
        helped = await process({}, "--help")
    return [Ratio("agw --help, against agw diagnose", helped, asked)]


async def process(settings: Mapping[str, str], *arguments: str) -> float:
    """Seconds for one command."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, **settings}

    async def run() -> None:
        it = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            env=environment,
            stdout=asyncio.subprocess.DEVNULL,
        )
        assert await it.wait() in (0, 1)

    return await seconds(run)
