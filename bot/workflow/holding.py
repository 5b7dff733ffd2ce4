"""Working on something under a lease: kept while the work goes on, and the work is stopped when the lease is lost.

    async with holding(store, f"change:{change_id}", life) as held:
        if held is None:                      # another replica works on it
            return
        await store.advance(..., lease=held.lease)

A replica that cannot reach the database does not know whether it still holds the lease. It counts from before its last
successful request, on its own clock, which starts no later than the database's; so it stops before anybody else begins.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from bot.core.changes.lease import Lease
from bot.core.problem import Problem
from bot.workflow.ports import Store

LEASE = 9.0
"""Seconds that a lease lasts. A killed replica's work is free after that, and taken over at the next look."""

LOOK = 3.0
"""Seconds between two looks for work that nobody does."""

_ROUNDS = 3
"""How many times within its duration a lease is prolonged, so that one failed attempt does no harm."""


def new_life() -> str:
    """A name for this run of this process, which no other will have."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(6)}"


@dataclass(frozen=True, slots=True)
class Held:
    """A lease that is being kept."""

    lease: Lease
    _scope: asyncio.Timeout

    def left(self) -> float:
        """Seconds for which nobody else can have it, as far as this replica can know; 0 if it may be lost."""
        ends = self._scope.when()
        return max(0.0, ends - asyncio.get_running_loop().time()) if ends is not None else 0.0


@asynccontextmanager
async def holding(
    store: Store, key: str, life: str, seconds: float = LEASE
) -> AsyncIterator[Held | None]:
    """Hold a lease during the block; None if somebody else holds it.

    Raises:
        Problem: `lease_lost`, and the block was cancelled; or the store could not be reached at the beginning.
    """
    loop = asyncio.get_running_loop()
    asked = loop.time()
    lease = await store.take(key, life, seconds)
    if lease is None:
        yield None
        return
    lost = False
    try:
        async with asyncio.timeout_at(asked + seconds) as scope:
            keeper = asyncio.create_task(_keep(store, lease, seconds, scope), name=f"keep {key}")
            try:
                yield Held(lease, scope)
            finally:
                keeper.cancel()
                await asyncio.wait({keeper})
    except TimeoutError:
        if not scope.expired():
            raise
        lost = True
        raise Problem(
            "lease_lost",
            "The database could not be reached in time, so another replica of the bot may have taken this over.",
            "If nothing comes of it, ask again.",
        ) from None
    finally:
        if not lost:
            # Whoever cannot be told will see it run out.
            with suppress(Problem):
                await store.let_go(lease)


async def _keep(store: Store, lease: Lease, seconds: float, scope: asyncio.Timeout) -> None:
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(seconds / _ROUNDS)
        asked = loop.time()
        try:
            kept = await store.keep(lease, seconds)
        except Problem:
            continue
        if scope.expired():
            return
        scope.reschedule(asked + seconds if kept else asked)
        if not kept:
            return
