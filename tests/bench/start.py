"""What a start costs: `--help` imports next to nothing, and no command imports what it does not need."""

import asyncio
import os
import sys
from collections.abc import Mapping

from bot.lab.scenarios import scenario as named
from bot.lab.world import open_world
from tests.bench.measure import Ratio, all_seconds

ROUNDS = 15
"""Of processes that end in a few hundredths of a second."""


async def help_and_python() -> list[Ratio]:
    """`agw --help` and `--version` should not be felt: against Python itself, from start to end."""
    nothing = await _process({}, "-c", "pass", rounds=ROUNDS)
    return [
        Ratio(
            f"agw {option}, against python -c pass",
            await _process({}, "-m", "bot", option, rounds=ROUNDS),
            nothing,
            goal=2,
        )
        for option in ("--help", "--version")
    ]


async def help_and_diagnosis() -> list[Ratio]:
    """Both as processes, from their start to their end."""
    async with open_world(named("ilb-ase")) as world:
        asked = await _process(world.environment, "-m", "bot", "diagnose", "agw-test", "--json")
        helped = await _process({}, "-m", "bot", "--help")
    return [Ratio("agw --help, against agw diagnose", helped, asked)]


async def _process(settings: Mapping[str, str], *arguments: str, rounds: int = 5) -> float:
    """Seconds for one run of Python, the quickest: what makes a start slower is somebody else's work."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, **settings}

    async def run() -> None:
        it = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env=environment, stdout=asyncio.subprocess.DEVNULL
        )
        assert await it.wait() in (0, 1)

    return min(await all_seconds(run, rounds))
