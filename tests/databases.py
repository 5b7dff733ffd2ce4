"""The database of a test, of either kind: a new file, or the tables of the PostgreSQL server, without rows.

A server is a process of its own, so what is asked of it takes real time, in which no clock leaps.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import asyncpg

from bot.store import DatabaseStore, SqliteStore
from bot.store.postgres_database import PATIENCE, PostgresDatabase
from bot.store.sqlite import LOCK_TIMEOUT
from bot.store.transactions import Database as Transactions
from bot.store.work import Work
from tests import postgresql
from tests.eventloop import in_real_time
from tests.network import Network

T = TypeVar("T")

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Database:
    """Where it is, and what can be done to it from outside."""

    kind: Kind
    url: str

    async def store(self, patience: float | None = None) -> DatabaseStore:
        """A connection of its own, as each replica has. `patience`: seconds for a lock or an answer."""
        if self.kind == "sqlite":
            return await SqliteStore.open(self.url, LOCK_TIMEOUT if patience is None else patience)
        with in_real_time():
            opened = await PostgresDatabase.open(self.url, patience or PATIENCE)
        return DatabaseStore(_InRealTime(opened))

    async def execute(self, statement: str, *values: str) -> None:
        """What somebody else does to it. Places of values are `$1` and so on, which both kinds read."""
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=30)) as file:
                file.execute(statement, {str(at): it for at, it in enumerate(values, 1)})
                file.commit()
            return
        with in_real_time():
            connection = await asyncpg.connect(self.url, server_settings={"search_path": "agw"})
            try:
                await connection.execute(statement, *values)
            finally:
                await connection.close()

    async def run_out(self, holder: str, key: str = "") -> None:
        """So much later: a life that is dead or cut off has not kept what it held, or this one lease."""
        what = "UPDATE leases SET ends = 0 WHERE holder = $1"
        if key:
            await self.execute(f"{what} AND key = $2", holder, key)
        else:
            await self.execute(what, holder)

    async def all_run_out(self) -> None:
        """So much later: whoever held anything is dead."""
        await self.execute("UPDATE leases SET ends = 0")


class _Here:
    """The kind of database that the test at hand runs on, and PostgreSQL's, once it was asked for."""

    kind: Kind = "sqlite"
    server: Database | None = None
    asked = False


@contextmanager
def chosen(kind: Kind) -> Iterator[type[_Here]]:
    """Let a test run on that kind; afterwards `asked` says whether it had any database."""
    _Here.kind, _Here.server, _Here.asked = kind, None, False
    try:
        yield _Here
    finally:
        _Here.kind, _Here.server = "sqlite", None


async def here(folder: Path) -> Database:
    """The database of this test: the file in that folder, or PostgreSQL's, which is emptied at the first time."""
    _Here.asked = True
    if _Here.kind == "sqlite":
        return await new("sqlite", folder)
    if _Here.server is None:
        _Here.server = await new("postgresql", folder)
    return _Here.server


@dataclass(frozen=True, slots=True)
class Outage:
    """A database that nobody can use from `begin` to `end`, both of which take effect at once."""

    database: Database
    begin: Callable[[], object]
    end: Callable[[], object]


@asynccontextmanager
async def outage(database: Database) -> AsyncIterator[Outage]:
    """A file is locked by another program; from a server nothing is heard."""
    if database.kind == "sqlite":
        file = database.url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file, isolation_level=None)) as program:
            yield Outage(
                database,
                lambda: program.execute("BEGIN IMMEDIATE"),
                lambda: program.execute("ROLLBACK"),
            )
        return
    port = postgresql.server().port
    async with Network(port).open() as network:
        url = database.url.replace(f":{port}", f":{network.port}")
        yield Outage(Database(database.kind, url), network.cut, network.mend)


async def new(kind: Kind, folder: Path) -> Database:
    """One of that kind. There is one of PostgreSQL's for each test process, so only one is in use at a time."""
    if kind == "sqlite":
        return Database(kind, f"sqlite:///{folder / 'agw.db'}")
    with in_real_time():
        return Database(kind, await postgresql.emptied())


class _InRealTime:
    """Transactions on a server; no clock leaps until they have ended, even if whoever wanted them has left."""

    def __init__(self, database: Transactions) -> None:
        self._database = database
        self._running: set[asyncio.Task[Any]] = set()

    async def read(self, work: Work[T]) -> T:
        return await self._whole(self._database.read(work))

    async def write(self, work: Work[T]) -> T:
        return await self._whole(self._database.write(work))

    async def close(self) -> None:
        with in_real_time():
            if self._running:
                await asyncio.wait(self._running)
            await self._database.close()

    async def _whole(self, transaction: Coroutine[Any, Any, T]) -> T:
        async def to_its_end() -> T:
            with in_real_time():
                return await transaction

        task = asyncio.create_task(to_its_end())
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        # Whoever waited for it may be gone, and then nobody looks.
        if not task.cancelled():
            task.exception()
