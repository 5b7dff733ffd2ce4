"""Lives of the bot in one process: each with its own connection to one database, its own work, and its own end."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from bot.core.changes.change import Change
from bot.core.problem import Problem
from bot.store import SqliteStore
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

    `cut`: nothing gets through, and nobody answers.
    """

    def __init__(self, store: SqliteStore, moved: Callable[[Change], None]) -> None:
        self._store = store
        self._moved = moved
        self.failures: list[Failure] = []
        self.cut = False

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
            if name == "advance" and found is not None:
                self._moved(found)
            if failure is not None:
                raise Problem("database_locked", "The database is locked by another process.")
            return found

        return watched


class Life:
    """One replica, from its start to its end."""

    def __init__(
        self,
        azure: PlayedAzure,
        store: SqliteStore,
        clock: Callable[[], datetime],
        moved: Callable[[Change], None],
    ) -> None:
        self.name = new_life()
        self._real = store
        self.store = WatchedStore(store, moved)
        self.workflow = Workflow(azure, MemoryProber(), self.store, QUICK, clock, self.name)
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


def leases_run_out(file: Path, holder: str) -> None:
    """So much later: a life that is dead or cut off has not kept what it held."""
    with closing(sqlite3.connect(file, timeout=30)) as database, database:
        database.execute("UPDATE leases SET ends = 0 WHERE holder = ?", (holder,))
