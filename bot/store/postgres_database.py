"""A few connections to one PostgreSQL server, and transactions on them.

A network may swallow packets for hours, and a server may forget that it had a client. So every transaction has an end
on both sides: here its connection is dropped, there its locks are freed. If that happens in a COMMIT, nobody can know
whether it was carried out: a step of a change is a compare-and-set, so asking for it again shows that.

Connections are never cancelled in the middle of a statement. A caller who is cancelled leaves, and the transaction
goes on to its end without him.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self, TypeAlias, TypeVar

import asyncpg

from bot.store.dialect import POSTGRESQL
from bot.store.postgres_problems import (
    bad_url,
    is_connection_lost,
    newer,
    replaced,
    translate_postgres_errors,
)
from bot.store.schema import POSTGRESQL_MIGRATIONS
from bot.store.work import Result, Statement, Taken, Work

T = TypeVar("T")

_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

CONNECTIONS = 4
"""At most, for each replica. One transaction takes milliseconds; ten replicas stay far below a server's usual 100."""

PATIENCE = 4.0
"""Seconds to connect, and for one statement. Less than half a lease, so that there is time for another attempt."""

FRESH = 60.0
"""Seconds after which an unused connection is not trusted any more: firewalls forget silent ones after minutes."""

_WRITING = ("INSERT", "UPDATE", "DELETE")

_PLACE = re.compile(r":([a-z_]+)")

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
# A large table may take long to migrate, and other replicas wait for it.
_MIGRATE = """
    BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL search_path = agw;
    SET LOCAL statement_timeout = 0;
    SELECT pg_advisory_xact_lock(hashtextextended('agw schema', 0));
"""


@dataclass(slots=True)
class _Line:
    """One connection, and when it was last used."""

    connection: _Connection
    used: float


@dataclass(slots=True)
class _Lines:
    """The connections that nobody uses at the moment."""

    idle: list[_Line] = field(default_factory=list)

    def take(self, now: float) -> "_Connection | None":
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
            connection = await database._connect()
            try:
                await _migrate(connection)
                database._identity = await _identity(connection)
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
        """Close the connections, after work that has begun."""
        if self._running:
            await asyncio.wait(self._running)
        for line in self._lines.idle:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await line.connection.close(timeout=self._patience)
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
                    async with _within(2 * self._patience, connection):
                        value = await _carry_out(connection, work)
                        await connection.execute("COMMIT")
                except BaseException as error:
                    await self._roll_back(connection, error)
                    raise
                self._give_back(connection)
                return value

    async def _begun(self, begin: str) -> _Connection:
        """A connection in a transaction. One that was idle may be dead, and then another one is made, once."""
        connection = self._lines.take(asyncio.get_running_loop().time())
        if connection is not None:
            try:
                async with _within(self._patience / 2, connection):
                    await connection.execute(begin)
            except Exception as error:
                connection.terminate()
                if not is_connection_lost(error):
                    raise
                self._lines.drop()
            else:
                return connection
        connection = await self._connect()
        try:
            async with _within(self._patience, connection):
                if self._identity is not None and await _identity(connection) != self._identity:
                    raise replaced()
                await connection.execute(begin)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _roll_back(self, connection: _Connection, error: BaseException) -> None:
        if is_connection_lost(error) or connection.is_closed():
            connection.terminate()
            return
        try:
            async with _within(self._patience, connection):
                await connection.execute("ROLLBACK")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            connection.terminate()
        else:
            self._give_back(connection)

    def _give_back(self, connection: _Connection) -> None:
        self._lines.idle.append(_Line(connection, asyncio.get_running_loop().time()))

    async def _connect(self) -> _Connection:
        try:
            # No statement is kept on the server's side: a pooler between us may give each transaction another session.
            return await asyncpg.connect(self._url, timeout=self._patience, statement_cache_size=0)
        except OSError:  # also a certificate's, which is a ValueError as well
            raise
        except (ValueError, OverflowError):
            raise bad_url() from None


@asynccontextmanager
async def _within(seconds: float, connection: _Connection) -> AsyncIterator[None]:
    """Drop the connection after a while; whatever waits for it then fails."""
    timer = asyncio.get_running_loop().call_later(seconds, connection.terminate)
    try:
        yield
    finally:
        timer.cancel()


async def _carry_out(connection: _Connection, work: Work[T]) -> T:
    try:
        statement = next(work)
        while True:
            statement = work.send(await _execute(connection, statement))
    except StopIteration as end:
        value: T = end.value
        return value


async def _execute(connection: _Connection, statement: Statement) -> Result:
    text, names = _numbered(POSTGRESQL.render(statement.text))
    values = [statement.values[name] for name in names]
    try:
        if not text.lstrip().startswith(_WRITING):
            found = await connection.fetch(text, *values)
            return Result([tuple(row) for row in found], len(found))
        # Such as "UPDATE 1" or "INSERT 0 1".
        status: str = await connection.execute(text, *values)
        return Result((), int(status.rpartition(" ")[2]))
    except asyncpg.UniqueViolationError as error:
        raise Taken(str(error)) from error


@cache
def _numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """`:name` as `$1`, and the names in that order."""
    names = tuple(dict.fromkeys(_PLACE.findall(text)))
    numbers = {name: f"${number}" for number, name in enumerate(names, 1)}
    return _PLACE.sub(lambda found: numbers[found[1]], text), names


async def _identity(connection: _Connection) -> str:
    return str(await connection.fetchval("SELECT id FROM agw.identity"))


async def _migrate(connection: _Connection) -> None:
    """Migrate to the newest schema, in one transaction; several replicas do so one after another."""
    known = len(POSTGRESQL_MIGRATIONS)
    if await _schema(connection) == known:
        return
    await connection.execute(_MIGRATE)
    if not await connection.fetchval("SELECT 1 FROM pg_namespace WHERE nspname = 'agw'"):
        await connection.execute("CREATE SCHEMA agw")
    # Looked at again under the lock: another replica may have been faster.
    found = await _schema(connection)
    if found > known:
        raise newer(found, known)
    if not found:
        await connection.execute("CREATE TABLE schema (version INTEGER NOT NULL)")
        await connection.execute("INSERT INTO schema (version) VALUES (0)")
    for statement in (it for migration in POSTGRESQL_MIGRATIONS[found:] for it in migration):
        await connection.execute(statement)
    await connection.execute("UPDATE schema SET version = $1", known)
    await connection.execute("COMMIT")


async def _schema(connection: _Connection) -> int:
    if await connection.fetchval("SELECT to_regclass('agw.schema')") is None:
        return 0
    return int(await connection.fetchval("SELECT version FROM agw.schema") or 0)
