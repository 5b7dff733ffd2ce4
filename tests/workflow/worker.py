"""A process that goes on with every unfinished change, and says each step: something to kill.

python -m tests.workflow.worker ARM_URL DATABASE_URL CONNECT_TO
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from bot.azure import ResourceManager
from bot.core.problem import Problem
from bot.probe import NetworkProber
from bot.settings import parse_connect_to
from bot.store import open_store
from bot.workflow import Policy, Step, Workflow

QUICK = Policy(
    timeout=60,
    health_poll=0.05,
    health_rounds=0,
    health_least=20,
    operation_least=0.05,
    operation_longest=0.2,
    operation_most=20,
    settle=timedelta(seconds=0.5),
    lease=5.0,
)
PAUSE = 0.1
"""Seconds between two looks for a change that nobody works on."""


async def main(arm_url: str, database_url: str, connect_to: str) -> None:
    """Carry every unfinished change to its end."""
    manager = ResourceManager(arm_url, ())
    store = await open_store(database_url)
    prober = NetworkProber(connect_to=dict(parse_connect_to(connect_to)), loopback_only=True)
    workflow = Workflow(manager, prober, store, QUICK, lambda: datetime.now(UTC))
    try:
        while await workflow.unfinished():
            for change in await store.free_changes(1):
                await _carry_out(workflow, change.id)
            await asyncio.sleep(PAUSE)
    finally:
        await store.close()
        await manager.close()


async def _carry_out(workflow: Workflow, change_id: str) -> None:
    """On a busy machine a lease may run out; whoever finds the change free goes on with it."""
    try:
        await workflow.carry_out(change_id, _say)
    except Problem as problem:
        if problem.code != "lease_lost":
            raise


def _say(step: Step) -> None:
    print(f"{step.key} {step.state}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
