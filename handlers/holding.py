"""Holding a lease while something is done, so that no other replica does it at the same time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.changes.lease import Lease
from bot.core.problem import Problem
from bot.workflow.ports import Store

log = logging.getLogger(__name__)

HELD_FOR = 9.0
"""Seconds after which somebody else may take what a killed process held."""


@asynccontextmanager
async def held(store: Store, key: str, holder: str) -> AsyncIterator[Lease | None]:
    """The lease for as long as the block takes; None if somebody else has it."""
    lease = await store.take(key, holder, HELD_FOR)
    if lease is None:
        yield None
        return
    keeper = asyncio.create_task(_kept(store, lease))
    try:
        yield lease
    finally:
        keeper.cancel()
        await asyncio.wait({keeper})
        try:
            await store.let_go(lease)
        except Problem as problem:
            log.warning("lease %s runs out by itself: %s", key, problem)


async def _kept(store: Store, lease: Lease) -> None:
    while True:
        await asyncio.sleep(HELD_FOR / 3)
        try:
            if not await store.keep(lease, HELD_FOR):
                log.warning("lease %s is lost", lease.key)
                return
        except Problem as problem:
            log.warning("lease %s could not be kept: %s", lease.key, problem)
