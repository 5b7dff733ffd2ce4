"""Lives of the bot in one process: each with its own connection to one database, its own work, and its own end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.core.changes.change import Change
from bot.core.problem import Problem
from bot.store import DatabaseStore
from bot.workflow import Policy, Workflow
from bot.workflow.holding import new_life
from tests.handlers.edges import MemoryProber
from tests.workflow.played_azure import PlayedAzure

Failure = Literal["not done", "done and not told"]

LEASE = 60.0

GIVES_UP = 10.0
"""Seconds after which a store that hears nothing of its database says so, as the real ones do."""

QUICK = Policy(
    health_poll=1.0,
    health_rounds=0,
    health_least=4.0,
    approval_holds=timedelta(minutes=3),
    operation_least=1.0,
    operation_longest=5.0,
    settle=timedelta(seconds=15),
    watched_for=timedelta(minutes=10),
    lease=LEASE,
)


class WatchedStore:
    """The store of one life: fails as it is told to, and tells of each move of a change that is stored.

    `cut`: nothing gets through, and nobody answers. `kept`: until when, in the loop's time, it has a lease by key and
    holder; a database knows only real time.
    """

    def __init__(self, store: DatabaseStore, moved: Callable[[Change], None]) -> None:
        self._store = store
        self._moved = moved
        self.failures: list[Failure] = []
        self.cut = False
        self.kept: dict[tuple[str, str], float] = {}

    def over(self) -> list[tuple[str, str]]:
        """Key and holder of each lease that was not kept in time."""
        now = asyncio.get_running_loop().time()
        over = [it for it, ends in self.kept.items() if ends < now]
        for it in over:
            del self.kept[it]
        return over

    def __getattr__(self, name: str) -> Any:
        work = getattr(self._store, name)

        async def watched(*said: Any, **more: Any) -> Any:
            if self.cut:
                await asyncio.sleep(GIVES_UP)
                raise Problem("database_unreachable", "The database does not answer.")
            failure = self.failures.pop(0) if self.failures else None
            if failure == "not done":
                raise Problem("database_locked", "The database is locked by another process.")
            found = await work(*said, **more)
            self._note(name, said, found)
            if failure is not None:
                raise Problem("database_locked", "The database is locked by another process.")
            return found

        return watched

    def _note(self, name: str, said: tuple[Any, ...], found: Any) -> None:
        """Remember what was stored, whether or not that is told."""
        if name == "advance" and found is not None:
            self._moved(found)
        now = asyncio.get_running_loop().time()
        if name == "take" and found is not None:
            self.kept[found.key, found.holder] = now + said[2]
        elif name == "keep" and found:
            self.kept[said[0].key, said[0].holder] = now + said[1]
        elif name == "let_go":
            self.kept.pop((said[0].key, said[0].holder), None)


class Life:
    """One replica, from its start to its end."""

    def __init__(
        self,
        azure: PlayedAzure,
        store: DatabaseStore,
        clock: Callable[[], datetime],
        moved: Callable[[Change], None],
    ) -> None:
        name = new_life()
        self.holders = (name,)
        self._real = store
        self.store = WatchedStore(store, moved)
        self.workflow = Workflow(azure, MemoryProber(), self.store, QUICK, clock, name)
        self.work: dict[str, asyncio.Task[None]] = {}

    async def look(self) -> None:
        """Begin every change that nobody works on, as each replica does every few seconds."""
        with suppress(Problem):
            for change in await self.store.free_changes(9):
                if change.id not in self.work or self.work[change.id].done():
                    self.work[change.id] = asyncio.create_task(self._carry_out(change.id))

    async def _carry_out(self, change_id: str) -> None:
        with suppress(Problem):
            done = await self.workflow.carry_out(change_id)
            await self.workflow.left_behind(done)

    @property
    def is_idle(self) -> bool:
        return all(it.done() for it in self.work.values())

    async def kill(self) -> None:
        """As by kill -9: nothing is finished, nothing more is stored, and its leases run out by themselves."""
        self.store.cut = True
        # More than once: it would let its lease go first, and the store does not answer any more.
        while not self.is_idle:
            for it in self.work.values():
                it.cancel()
            await asyncio.sleep(0)
        await self._real.close()
