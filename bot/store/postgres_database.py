"""A few connections to one PostgreSQL server, and transactions on them.

A network may swallow packets for hours, and a server may forget that it had a client. So every transaction has an end
on both sides: here its connection is dropped, there its locks are freed. If that happens in a COMMIT, nobody can know
whether it was carried out: a step of a change is a compare-and-set, so asking for it again shows that.

Connections are never cancelled in the middle of a statement. A caller who is cancelled leaves, and the transaction
goes on to its end without him.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from bot.store.postgres_connection import carry_out, within
from bot.store.postgres_migration import LONGEST, identity, is_current, migrate
from bot.store.postgres_problems import (
    FAILURES,
    is_connection_lost,
    replaced,
    translate_postgres_errors,
)
from bot.store.postgres_session import Connection
from bot.store.work import Work

T = TypeVar("T")

CONNECTIONS = 4
"""At most, for each replica. One transaction takes milliseconds; ten replicas stay far below a server's usual 100."""

PATIENCE = 4.0
"""Seconds to connect, and for one statement. Less than half a lease, so that there is time for another attempt."""

CLOSING = 1.0
"""Seconds that work which has begun has left at the end, and then each connection."""

FRESH = 60.0
"""Seconds after which an unused connection is not trusted any more: firewalls forget silent ones after minutes."""

# Said at each transaction and not once for a connection, so that a pooler between us changes nothing. An operator's
# defaults must not weaken what is promised: a commit is on disk, and nobody's locks outlive him.
# Whoever falls silent in a transaction loses it before those who wait for his locks give up.
_SETTINGS = """
    SET LOCAL search_path = agw;
    SET LOCAL synchronous_commit = on;
    SET LOCAL statement_timeout = {patience};
    SET LOCAL idle_in_transaction_session_timeout = {silence};
"""
_WRITE = f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {_SETTINGS}"
_READ = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_SETTINGS}"


@dataclass(slots=True)
class _Line:
    """One connection, and when it was last used."""

    connection: Connection
    used: float


@dataclass(slots=True)
class _Lines:
    """The connections that nobody uses at the moment."""

    idle: list[_Line] = field(default_factory=list)

    def take(self, now: float) -> "Connection | None":
        while self.idle:
            line = self.idle.pop()
            if now - line.used < FRESH and not line.connection.is_closed():
                return line.connection
            line.connection.terminate()
        return None

    def drop(self) -> None:
        for line in self.idle:
            line.connection.terminate()
        self.idle.clear()


class PostgresDatabase:
    """Runs work in transactions. Cancelling the caller does not stop work that has begun."""

    def __init__(self, url: str, patience: float) -> None:
        self._url = url
        self._patience = patience
        milliseconds = {"patience": int(patience * 1000), "silence": int(patience * 500)}
        self._begin = {it: it.format(**milliseconds) for it in (_READ, _WRITE)}
        self._lines = _Lines()
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._running: set[asyncio.Task[Any]] = set()
        self._identity: str | None = None

    @classmethod
    async def open(cls, url: str, patience: float = PATIENCE) -> Self:
        """Connect, and create or migrate the tables. `patience`: seconds to connect, and for one statement.

        Raises:
            Problem: see `bot.store.postgres_problems`.
        """
        database = cls(url, patience)
        with translate_postgres_errors():
            connection = await Connection.open(url, patience)
            try:
                async with within(patience, connection):
                    current = await is_current(connection)
                if not current:
                    async with within(LONGEST, connection):
                        await migrate(connection)
                async with within(patience, connection):
                    database._identity = await identity(connection)
            except BaseException:
                connection.terminate()
                raise
        database._give_back(connection)
        return database

    async def read(self, work: Work[T]) -> T:
        """Carry out work that writes nothing, on one state of the data."""
        return await self._run(_READ, work)

    async def write(self, work: Work[T]) -> T:
        """Carry out work as one transaction: when this returns, all of it is on disk.

        Raises:
            Taken: a unique index refused a row.
        """
        return await self._run(_WRITE, work)

    async def close(self) -> None:
        """Close the connections, after work that has begun; a server that is silent is not waited for."""
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSING)
        await asyncio.gather(*(_closed(line.connection) for line in self._lines.idle))
        self._lines.idle.clear()

    async def _run(self, begin: str, work: Work[T]) -> T:
        task = asyncio.create_task(self._transaction(self._begin[begin], work))
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        # Whoever waited for it may be gone, and then nobody looks.
        if not task.cancelled():
            task.exception()

    async def _transaction(self, begin: str, work: Work[T]) -> T:
        with translate_postgres_errors():
            async with self._turns:
                connection = await self._begun(begin)
                try:
                    async with within(2 * self._patience, connection):
                        value = await carry_out(connection, work)
                        await connection.execute("COMMIT")
                except BaseException as error:
                    await self._roll_back(connection, error)
                    raise
                self._give_back(connection)
                return value

    async def _begun(self, begin: str) -> Connection:
        """A connection in a transaction. One that was idle may be dead, and then another one is made, once."""
        connection = self._lines.take(asyncio.get_running_loop().time())
        if connection is not None:
            try:
                async with within(self._patience / 2, connection):
                    await connection.execute(begin)
            except Exception as error:
                connection.terminate()
                if not is_connection_lost(error):
                    raise
                self._lines.drop()
            else:
                return connection
        connection = await Connection.open(self._url, self._patience)
        try:
            async with within(self._patience, connection):
                if self._identity is not None and await identity(connection) != self._identity:
                    raise replaced()
                await connection.execute(begin)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _roll_back(self, connection: Connection, error: BaseException) -> None:
        if is_connection_lost(error) or connection.is_closed():
            connection.terminate()
            return
        try:
            async with within(self._patience, connection):
                await connection.execute("ROLLBACK")
        except FAILURES:
            connection.terminate()
        else:
            self._give_back(connection)

    def _give_back(self, connection: Connection) -> None:
        self._lines.idle.append(_Line(connection, asyncio.get_running_loop().time()))


async def _closed(connection: Connection) -> None:
    with suppress(*FAILURES):
        await connection.close(CLOSING)
