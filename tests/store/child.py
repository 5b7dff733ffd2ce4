"""A process of its own that uses the store, to be killed or to be raced against.

    python -m tests.store.child walk FILE [STATEMENT]    move every change on, as far as it goes
    python -m tests.store.child approve FILE USER ID...  wait for a line on stdin, then approve each
    python -m tests.store.child fill FILE BYTES          write to the audit log until no file may grow further

Every acknowledged step is a line on stdout. With STATEMENT the process kills itself right before its connection
runs that statement, counted from 1.
"""

import asyncio
import itertools
import os
import resource
import signal
import sqlite3
import sys
from pathlib import Path

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import ChangeState, Person
from bot.core.problem import Problem
from bot.store import SqliteStore
from bot.store.database import Database
from tests.core.make import ID, NOW

WAY: tuple[ChangeState, ...] = ("offered", "approved", "writing", "written", "verifying", "healthy")


async def walk(store: SqliteStore) -> None:
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


async def approve(store: SqliteStore, user: str, change_ids: list[str]) -> None:
    """Say who won where."""
    print("ready", flush=True)
    sys.stdin.readline()
    for change_id in change_ids:
        person = Person("T1", user)
        if await store.advance(change_id, "offered", "approved", approved_by=person) is not None:
            print(change_id, flush=True)


async def fill(store: SqliteStore, most: int) -> None:
    """The system refuses to let a file grow beyond `most` bytes; say how that is told."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    for number in itertools.count():
        try:
            await store.audit(AuditEntry(NOW, str(number), ID, details={"shown": "x" * 1000}))
        except Problem as problem:
            print(number, problem.code, flush=True)
            return


def kill_at(connection: sqlite3.Connection, statement: int) -> None:
    """SIGKILL cannot be caught: nothing is rolled back, closed or flushed."""
    counted = itertools.count(1)

    def count(_: str) -> None:
        if next(counted) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    connection.set_trace_callback(count)


async def main(command: str, file: str, *rest: str) -> None:
    """Run one command."""
    database = await Database.open(Path(file), 30)
    store = SqliteStore(database)
    if command == "approve":
        await approve(store, rest[0], list(rest[1:]))
    elif command == "fill":
        await fill(store, int(rest[0]))
    else:
        if rest:
            await database.read(lambda db: kill_at(db, int(rest[0])))
        await walk(store)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
