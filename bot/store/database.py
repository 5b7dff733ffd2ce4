"""One SQLite file, one connection to it, and the one thread in which it is used.

SQLite calls block, so they leave the event loop; one thread keeps them in order and makes every piece of work
whole. Other processes may have the same file open: what writes is a transaction that takes the write lock first.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

from bot.store.problems import is_busy, newer, no_directory, translate_sqlite_errors
from bot.store.sql import MIGRATIONS

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_PAUSE = 0.02
"""Seconds between two tries to open the file."""


class Database:
    """Runs pieces of work on a connection. Cancelling a caller does not stop work that has begun."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, thread: ThreadPoolExecutor
    ) -> None:
        self._path = path
        self._connection = connection
        self._thread = thread

    @classmethod
    async def open(cls, path: Path, patience: float) -> Self:
        """Open or create the file. `patience`: seconds to wait for a lock of another process.

        Raises:
            Problem: see `bot.store.problems`.
        """
        thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        loop = asyncio.get_running_loop()
        try:
            connection = await loop.run_in_executor(thread, connect, path, patience)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(path, connection, thread)

    async def read(self, work: Work[T]) -> T:
        """Run work that only reads, with one statement."""
        return await self._run(work)

    async def write(self, work: Work[T]) -> T:
        """Run work as one transaction: all of it is on the disk when this returns, or nothing of it is kept."""

        def transaction(connection: sqlite3.Connection) -> T:
            with connection:
                # Immediate: nobody writes between what the work reads and what it writes.
                connection.execute("BEGIN IMMEDIATE")
                return work(connection)

        return await self._run(transaction)

    async def close(self) -> None:
        """Let go of the file; waits for work that has begun."""
        await self._run(sqlite3.Connection.close)
        self._thread.shutdown()

    async def _run(self, work: Work[T]) -> T:
        def guarded() -> T:
            with translate_sqlite_errors(self._path):
                return work(self._connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, guarded)


def connect(path: Path, patience: float) -> sqlite3.Connection:
    """A connection to a file with the newest schema, for use in this thread.

    Raises:
        Problem: see `bot.store.problems`.
    """
    _create(path)
    deadline = time.monotonic() + patience
    with translate_sqlite_errors(path):
        while True:
            try:
                return _connect(path, patience)
            except sqlite3.OperationalError as error:
                # While another process creates the file, recovers it or closes it as the last one, SQLite may
                # say "busy" at once instead of waiting (sqlite.org/wal.html, section 9).
                if not is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)


def _create(path: Path) -> None:
    """Make the file for its owner's eyes only; SQLite gives the same rights to the files beside it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A file that is there is not even opened: closing it again would drop the locks that another connection
        # of this process holds on it (sqlite.org/howtocorrupt.html, 2.2).
        with suppress(FileExistsError):
            path.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise no_directory(path, error) from error


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit is on the disk before anybody hears of it; WAL's usual NORMAL loses the last ones
        # when the power fails (sqlite.org/pragma.html#pragma_synchronous).
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    migrations: Sequence[Sequence[str]] = MIGRATIONS,
) -> None:
    """Bring the file's schema to the newest one, in one transaction.

    Raises:
        Problem: `database_newer`, it is newer than that.
    """
    known = len(migrations)
    if _schema(connection) == known:
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        # Asked again under the lock: another process may have been faster.
        found = _schema(connection)
        if found > known:
            raise newer(path, found, known)
        for statement in (it for migration in migrations[found:] for it in migration):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {known}")


def _schema(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)
