"""Several `agw serve` on one PostgreSQL database, each a process of its own, and what the database says of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import asyncpg

from tests import postgresql
from tests.children import Child
from tests.databases import Database
from tests.eventloop import in_real_time
from tests.story.conftest import Story

T = TypeVar("T")

LOOK = 0.05
"""Seconds between two looks into the database, which tells nobody by itself."""
PATIENCE = 120.0
"""Seconds for what has to come; ten processes on two busy cores have come to it all the same."""

_HOLDER = """
    SELECT holder FROM agw.leases
    WHERE key LIKE $1 AND ends >= extract(epoch FROM clock_timestamp())
"""
_RUN_OUT = "UPDATE agw.leases SET ends = 0 WHERE holder LIKE $1"
_STATES = "SELECT state FROM agw.changes"
_TOLD = """
    SELECT 'change ' || state || ' ' || body FROM agw.changes
    UNION ALL SELECT 'word ' || key || ' ' || because FROM agw.outbox WHERE ended IS NULL
    UNION ALL SELECT 'lease ' || key || ' ' || holder || ' ' || ends FROM agw.leases
"""
_UNSAID = "SELECT count(*) FROM agw.outbox WHERE ended IS NULL AND key NOT LIKE '%:promise'"


@dataclass
class Replicas:
    """Every replica that runs, in the order in which Slack numbers their connections."""

    story: Story
    _database: Any
    running: list[Child] = field(default_factory=list)

    async def holder(self, key: str) -> Child:
        """The replica that holds a lease, once one does."""

        async def found() -> Child | None:
            name = await self._database.fetchval(_HOLDER, key)
            return next((it for it in self.running if name and f":{it.pid}:" in name), None)

        return await self.until(found)

    async def until(self, look: Callable[[], Awaitable[T | None]]) -> T:
        """What it finds, as soon as it finds something; where it does not, the database says how far things are."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    if found := await look():
                        return found
                    await asyncio.sleep(LOOK)
        except TimeoutError:
            told = [str(it[0])[:400] for it in await self._database.fetch(_TOLD)]
            raise AssertionError("\n".join([f"not within {PATIENCE:.0f} s:", *told])) from None

    async def kill(self, victim: Child, *, wait: bool, held: asyncio.Event | None = None) -> None:
        """kill -9. Unless a test wants to `wait` for it, its leases end at once, as they soon would by themselves.

        What Slack has `held` up of its calls is done when nobody is left to hear of it, and before anybody follows.
        """
        pid = victim.pid
        self.running.remove(victim)
        victim.kill()
        await victim.wait()
        if held is not None:
            held.set()
        if not wait:
            await self._database.execute(_RUN_OUT, f"%:{pid}:%")

    async def all_healthy(self) -> bool:
        """Whether every change has ended so."""
        return {it["state"] for it in await self._database.fetch(_STATES)} == {"healthy"}

    async def silent(self) -> None:
        """Wait until nothing is left to say but how a diagnosis ends that has ended."""

        async def none() -> bool:
            return int(await self._database.fetchval(_UNSAID)) == 0

        await self.until(none)


@asynccontextmanager
async def open_replicas(story: Story, count: int) -> AsyncIterator[Replicas]:
    """So many replicas on one empty database."""
    with in_real_time():
        url = await postgresql.emptied()
        settings = {**story.world.environment, "AGW_DATABASE_URL": url}
        over = Story(replace(story.world, environment=settings), Database("postgresql", url))
        database = await asyncpg.connect(url)
        try:
            async with AsyncExitStack() as stack:
                replicas = Replicas(over, database)
                for _ in range(count):
                    child = await stack.enter_async_context(over.bot())
                    assert isinstance(child, Child)
                    replicas.running.append(child)
                yield replicas
        finally:
            await database.close()
