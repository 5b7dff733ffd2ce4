"""What `agw serve` needs in memory, all of its processes together, against what it may need."""

from functools import partial

from bot.lab.scenarios import scenario as named
from bot.lab.world import CHANNEL, World, open_world
from tests.bench.measure import Ratio
from tests.bench.serving import ADA, PATIENCE, resident, serving

IDLE, AFTER = 110.0, 140.0
DIAGNOSES = 10


async def resident_processes() -> list[Ratio]:
    """Idle, and after ten diagnoses."""
    async with open_world(named("ilb-ase")) as world, serving(world) as pid:
        idle = resident(pid)
        for number in range(1, DIAGNOSES + 1):
            await world.slack.command(ADA, CHANNEL, "/agw diagnose agw-test again")
            await world.slack.wait_for(partial(_shown, world, number), PATIENCE)
        after = resident(pid)
    return [
        Ratio("agw serve, idle, resident", idle, IDLE, goal=1, unit="MB"),
        Ratio(f"agw serve, after {DIAGNOSES} diagnoses, resident", after, AFTER, goal=1, unit="MB"),
    ]


def _shown(world: World, count: int) -> bool:
    """Whether so many cards have their buttons."""
    return sum("approve_" in str(it) for it in world.slack.messages(CHANNEL)) >= count
