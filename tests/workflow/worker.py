"""A process that goes on with every unfinished change, and says each step: something to kill.

python -m tests.workflow.worker ARM_URL DATABASE_URL CONNECT_TO
"""

import asyncio
import sys
from datetime import UTC, datetime

from bot.azure import ResourceManager
from bot.probe import NetworkProber
from bot.settings import parse_connect_to
from bot.store import SqliteStore
from bot.workflow import Policy, Step, Workflow

QUICK = Policy(
    timeout=60,
    health_poll=0.05,
    health_rounds=0,
    health_least=20,
    operation_least=0.05,
    operation_most=20,
)


async def main(arm_url: str, database_url: str, connect_to: str) -> None:
    """Carry every unfinished change to its end."""
    manager = ResourceManager(arm_url, ())
    store = await SqliteStore.open(database_url)
    prober = NetworkProber(connect_to=dict(parse_connect_to(connect_to)), loopback_only=True)
    workflow = Workflow(manager, prober, store, QUICK, lambda: datetime.now(UTC))
    try:
        for change in await workflow.unfinished():
            await workflow.carry_out(change.id, _say)
    finally:
        await store.close()
        await manager.close()


def _say(step: Step) -> None:
    print(f"{step.key} {step.state}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
