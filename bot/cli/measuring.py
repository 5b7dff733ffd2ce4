"""What the running bot measures while nothing else happens: how late its loop is, and whether Azure answers."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bot.core.problem import Problem
from bot.telemetry import LOOP_LAG, REACHABLE, record
from bot.workflow.ports import NOT_SIGNED_IN, Azure

EVERY = 1.0
"""Seconds between two looks at the loop."""

ASKED_EVERY = 60.0
"""Seconds between two questions to Azure, of about 1,500 that Resource Manager allows an identity in that time
(https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling)."""

PATIENCE = 15.0
"""Seconds that Azure has for its answer."""


@asynccontextmanager
async def loop_watched() -> AsyncIterator[None]:
    """Measure during the block how late the event loop is."""
    async with _beside(_watch_loop()):
        yield


@asynccontextmanager
async def azure_asked(azure: Azure) -> AsyncIterator[None]:
    """Ask Azure during the block whether it answers, so that an outage shows before somebody needs it."""
    async with _beside(_ask(azure)):
        yield


async def _watch_loop() -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY
        await asyncio.sleep(EVERY)
        record(LOOP_LAG, max(0.0, loop.time() - due))


async def _ask(azure: Azure) -> None:
    while True:
        try:
            async with asyncio.timeout(PATIENCE):
                await azure.answers()
        except Problem as problem:
            # Other refusals are answers; the edge has counted them.
            if problem.code in NOT_SIGNED_IN:
                record(REACHABLE, 0.0, what="azure")
        except TimeoutError:
            record(REACHABLE, 0.0, what="azure")
        await asyncio.sleep(ASKED_EVERY)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
