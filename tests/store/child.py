"""A process of its own that uses the store, to be killed or to be raced against.

    python -m tests.store.child walk URL [STATEMENT]    move every change on, as far as it goes
    python -m tests.store.child approve URL USER ID...  wait for a line on stdin, then approve each
    python -m tests.store.child hold URL KEY SECONDS     say that it holds a lease, and work under it until it is killed
    python -m tests.store.child audit URL LINES         wait for a line on stdin, then add lines, several at a time
    python -m tests.store.child fill URL BYTES          write to the audit log until no file may grow further

Every acknowledged step is a line on stdout. With STATEMENT the process kills itself right before that
statement or COMMIT, counted from 1.
"""

import asyncio
import itertools
import os
import resource
import signal
import sys
from typing import TypeVar

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import ChangeState, Person
from bot.core.problem import Problem
from bot.store.location import database_file, is_postgresql
from bot.store.sqlite_database import SqliteDatabase
from bot.store.store import DatabaseStore
from bot.store.transactions import Database
from bot.store.work import Work
from bot.workflow.holding import holding, new_life
from tests.core.make import ID, NOW

T = TypeVar("T")

WAY: tuple[ChangeState, ...] = ("offered", "approved", "writing", "written", "verifying", "healthy")


async def walk(store: DatabaseStore) -> None:
    """The outcome collects the steps, so that one that is done twice can be seen in the file."""
    for change in await store.changes():
        current = change
        for before, after in itertools.pairwise(WAY):
            if current.state == before:
                outcome = f"{current.outcome} {after}".lstrip()
                moved = await store.advance(change.id, before, after, outcome=outcome)
                if moved is None:
                    raise AssertionError(f"{change.id} is alone here and stands in {before}")
                current = moved
                print(change.id, after, flush=True)


async def approve(store: DatabaseStore, user: str, change_ids: list[str]) -> None:
    """Say who won where."""
    print("ready", flush=True)
    sys.stdin.readline()
    for change_id in change_ids:
        person = Person("T1", user)
        if await store.advance(change_id, "offered", "approved", approved_by=person) is not None:
            print(change_id, flush=True)


async def hold(store: DatabaseStore, key: str, seconds: float) -> None:
    """Keep it for as long as this process lives."""
    async with holding(store, key, new_life(), seconds) as held:
        print(held is not None, flush=True)
        await asyncio.Event().wait()


async def audit(store: DatabaseStore, lines: int) -> None:
    """As this process; say how many were added."""
    print("ready", flush=True)
    sys.stdin.readline()
    entry = AuditEntry(NOW, "approved", ID, user=str(os.getpid()))
    await asyncio.gather(*(store.audit(entry) for _ in range(lines)))
    print(lines, flush=True)


async def fill(store: DatabaseStore, most: int) -> None:
    """The system refuses to let a file grow beyond `most` bytes; say how that is told."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    for number in itertools.count():
        try:
            await store.audit(AuditEntry(NOW, str(number), ID, details={"shown": "x" * 1000}))
        except Problem as problem:
            print(number, problem.code, flush=True)
            return


class Doomed:
    """A database that kills its process right before the given statement or COMMIT, counted from 1.

    SIGKILL cannot be caught: nothing is rolled back, closed or flushed.
    """

    def __init__(self, database: Database, at: int) -> None:
        self._database = database
        self._left = at

    async def read(self, work: Work[T]) -> T:
        return await self._database.read(self._counted(work))

    async def write(self, work: Work[T]) -> T:
        return await self._database.write(self._counted(work))

    async def close(self) -> None:
        await self._database.close()

    def _counted(self, work: Work[T]) -> Work[T]:
        try:
            statement = next(work)
            while True:
                self._count()
                statement = work.send((yield statement))
        except StopIteration as end:
            self._count()
            value: T = end.value
            return value

    def _count(self) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


async def _database(url: str) -> Database:
    if is_postgresql(url):
        from bot.store.postgres_database import PostgresDatabase

        return await PostgresDatabase.open(url, 30.0)
    return await SqliteDatabase.open(database_file(url), 30)


async def main(command: str, url: str, *rest: str) -> None:
    """Run one command."""
    at = int(rest[0]) if command == "walk" and rest else 0
    store = DatabaseStore(Doomed(await _database(url), at))
    if command == "approve":
        await approve(store, rest[0], list(rest[1:]))
    elif command == "hold":
        await hold(store, rest[0], float(rest[1]))
    elif command == "audit":
        await audit(store, int(rest[0]))
    elif command == "fill":
        await fill(store, int(rest[0]))
    else:
        await walk(store)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
