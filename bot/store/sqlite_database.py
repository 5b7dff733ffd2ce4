"""One SQLite file, one connection to it, and the one thread that uses it.

SQLite calls block, so they run outside the event loop; one thread keeps them in order and each piece of work in one
piece. Other processes may have the same file open, so a write is a transaction that takes the write lock first.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

from bot.aside import Aside
from bot.store.dialect import SQLITE
from bot.store.sqlite_migration import migrate
from bot.store.sqlite_problems import (
    is_busy,
    no_directory,
    replaced,
    translate_sqlite_errors,
)
from bot.store.work import Result, Statement, Taken, Work

T = TypeVar("T")

_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}

CLOSING = 2.0
"""Seconds that work which has begun has left at the end."""

_PAUSE = 0.02
"""Seconds between two attempts to open the file."""


class SqliteDatabase:
    """Runs work on a connection. Cancelling the caller does not stop work that has begun."""

    def __init__(self, path: Path, connection: sqlite3.Connection, thread: Executor) -> None:
        self._path = path
        self._connection = connection
        self._thread = thread
        self._file = _file(path)

    @classmethod
    async def open(cls, path: Path, lock_timeout: float) -> Self:
        """Open or create the file. `lock_timeout`: seconds to wait for another process's lock.

        Raises:
            Problem: see `bot.store.problems`.
        """
        # Not Python's own: at the end of the program nobody waits for another process's lock.
        thread = Aside(1, "database")
        loop = asyncio.get_running_loop()
        try:
            connection = await loop.run_in_executor(thread, connect, path, lock_timeout)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(path, connection, thread)

    async def read(self, work: Work[T]) -> T:
        """Carry out work that writes nothing."""
        return await self._run(lambda: _carry_out(self._connection, work))

    async def write(self, work: Work[T]) -> T:
        """Carry out work as one transaction: when this returns, either all of it is on disk or none of it.

        Raises:
            Taken: a unique index refused a row.
        """

        def transaction() -> T:
            with self._connection:
                # Immediate: nobody else can write between the work's reads and its writes.
                self._connection.execute("BEGIN IMMEDIATE")
                return _carry_out(self._connection, work)

        return await self._run(transaction)

    async def close(self) -> None:
        """Close the file, after work that has begun; what another process's lock holds up is not waited for."""
        loop = asyncio.get_running_loop()
        closing = loop.run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown()
        await asyncio.wait({closing}, timeout=CLOSING)

    async def _run(self, work: Callable[[], T]) -> T:
        def guarded() -> T:
            # SQLite would go on with the file that has no name any more, and nothing would be left of it.
            if _file(self._path) != self._file:
                raise replaced(self._path)
            with translate_sqlite_errors(self._path):
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._thread, guarded)


def _file(path: Path) -> tuple[int, int] | None:
    """Which file has this name: its device and its number there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _carry_out(connection: sqlite3.Connection, work: Work[T]) -> T:
    try:
        statement = next(work)
        while True:
            statement = work.send(_execute(connection, statement))
    except StopIteration as end:
        value: T = end.value
        return value


def _execute(connection: sqlite3.Connection, statement: Statement) -> Result:
    try:
        cursor = connection.execute(SQLITE.render(statement.text), dict(statement.values))
        return Result(cursor.fetchall(), cursor.rowcount)
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode in _UNIQUE:
            raise Taken(str(error)) from error
        raise


def connect(path: Path, lock_timeout: float) -> sqlite3.Connection:
    """A connection to the file, migrated to the newest schema, for use in this thread.

    Raises:
        Problem: see `bot.store.problems`.
    """
    _create(path)
    deadline = time.monotonic() + lock_timeout
    with translate_sqlite_errors(path):
        while True:
            try:
                return _connect(path, lock_timeout)
            except sqlite3.OperationalError as error:
                # While another process creates the file, recovers it or is the last to close it, SQLite may
                # report "busy" at once instead of waiting (sqlite.org/wal.html, section 9).
                if not is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)


def _create(path: Path) -> None:
    """Create the file readable only by its owner; SQLite gives the files beside it the same permissions."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # An existing file is not even opened: closing it again would drop the locks that another connection of
        # this process holds on it (sqlite.org/howtocorrupt.html, 2.2).
        with suppress(FileExistsError):
            path.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise no_directory(path, error) from error


def _connect(path: Path, lock_timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=lock_timeout, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit is on disk before anybody acts on it; NORMAL, the usual choice with WAL, can lose the
        # last ones on a power failure (sqlite.org/pragma.html#pragma_synchronous).
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection
