"""The file: how it is opened, who may read it, and how its schema grows."""

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event

import pytest

from bot.core.problem import Problem
from bot.store import SqliteStore
from bot.store.schema import SQLITE_MIGRATIONS
from bot.store.sqlite_database import SqliteDatabase, connect
from bot.store.sqlite_migration import migrate
from bot.store.work import Statement, Work, count, rows

FIRST = ("CREATE TABLE one (a)", "INSERT INTO one VALUES (1)")
SECOND = ("ALTER TABLE one ADD COLUMN b", "UPDATE one SET b = a + 1")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    """The file of a store, opened for looking into it."""
    opened = await SqliteDatabase.open(tmp_path / "state" / "agw.db", 1.5)
    yield opened
    await opened.close()


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An empty file without any schema."""
    with closing(sqlite3.connect(tmp_path / "raw.db", isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: sqlite.org/pragma.html#pragma_synchronous
        ("foreign_keys", 1),
        ("busy_timeout", 1500),
        ("user_version", len(SQLITE_MIGRATIONS)),
        ("integrity_check", "ok"),
    ],
)
async def test_it_is_opened_for_safety(
    database: SqliteDatabase, pragma: str, value: object
) -> None:
    assert await database.read(rows(f"PRAGMA {pragma}")) == [(value,)]


async def test_only_its_owner_reads_it(database: SqliteDatabase, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {it.name: stat.S_IMODE(it.stat().st_mode) for it in folder.iterdir()} == {
        "agw.db": 0o600,
        "agw.db-wal": 0o600,
        "agw.db-shm": 0o600,
    }


async def test_its_rights_are_left_as_somebody_set_them(tmp_path: Path) -> None:
    file = tmp_path / "agw.db"
    file.touch(mode=0o640)
    before = stat.S_IMODE(file.stat().st_mode)
    await (await SqliteDatabase.open(file, 1)).close()
    assert stat.S_IMODE(file.stat().st_mode) == before


async def test_nothing_is_left_beside_it_after_closing(store_file: Path) -> None:
    await (await SqliteStore.open(f"sqlite:///{store_file}")).close()
    assert list(store_file.parent.iterdir()) == [store_file]


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    """In a directory that is not there yet."""
    return tmp_path / "a" / "b" / "agw.db"


async def test_a_relative_address_is_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is a file, whatever its name: nothing is kept in memory only."""
    monkeypatch.chdir(tmp_path)
    await (await SqliteStore.open("sqlite:///:memory:")).close()
    assert (tmp_path / ":memory:").stat().st_size > 0


async def test_a_failed_transaction_leaves_nothing(database: SqliteDatabase) -> None:
    def work() -> Work[None]:
        yield from count("INSERT INTO seen VALUES ('a', '')")
        raise LookupError("half way")

    with pytest.raises(LookupError):
        await database.write(work())
    assert await database.read(rows("SELECT * FROM seen")) == []


async def test_a_mistake_of_ours_is_not_told_as_trouble_outside(database: SqliteDatabase) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.read(rows("SELECT * FROM nowhere"))


async def test_cancelling_the_caller_keeps_the_work_whole(database: SqliteDatabase) -> None:
    """Whoever is cancelled does not know whether it was done; it is never done by half."""
    begun = asyncio.Event()
    cancelled = Event()
    loop = asyncio.get_running_loop()

    def work() -> Work[None]:
        loop.call_soon_threadsafe(begun.set)
        # Not done before the caller is cancelled, or there would be nothing to cancel.
        assert cancelled.wait(10)
        yield Statement("INSERT INTO seen VALUES ('a', '')")

    task = asyncio.create_task(database.write(work()))
    await asyncio.wait_for(begun.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    cancelled.set()
    assert await database.read(rows("SELECT key FROM seen")) == [("a",)]


async def test_a_lock_of_another_process_does_not_hold_up_the_end(tmp_path: Path) -> None:
    """What could not be written is not: nobody was told that it was."""
    file = tmp_path / "locked.db"
    locked = await SqliteDatabase.open(file, 60.0)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(locked.write(count("INSERT INTO seen VALUES ('k', 't')")))
        await asyncio.sleep(0)
        await locked.close()
        assert not writing.done()
        other.execute("ROLLBACK")
        assert await writing == 1


def test_many_may_create_it_together(tmp_path: Path) -> None:
    """Without trying again, some of them are told that it is locked (sqlite.org/wal.html, section 9)."""
    rounds, together = 12, 8
    barrier = Barrier(together)

    def open_one(number: int) -> None:
        for round_ in range(rounds):
            barrier.wait(10)
            connect(tmp_path / f"{round_}.db", 5).close()

    # An empty file each: closing the creating handle would drop the locks of this process's other threads
    # (sqlite.org/howtocorrupt.html, 2.2), which no bot does to itself.
    for round_ in range(rounds):
        (tmp_path / f"{round_}.db").touch()
    with ThreadPoolExecutor(together) as threads:
        list(threads.map(open_one, range(together)))


def test_the_schema_grows_step_by_step(raw: sqlite3.Connection, tmp_path: Path) -> None:
    migrate(raw, tmp_path, (FIRST,))
    migrate(raw, tmp_path, (FIRST,))
    assert raw.execute("SELECT * FROM one").fetchall() == [(1,)]
    migrate(raw, tmp_path, (FIRST, SECOND))
    assert raw.execute("SELECT * FROM one").fetchall() == [(1, 2)]
    assert raw.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_step_that_fails_leaves_the_schema_as_it_was(
    raw: sqlite3.Connection, tmp_path: Path
) -> None:
    migrate(raw, tmp_path, (FIRST,))
    with pytest.raises(sqlite3.OperationalError):
        migrate(raw, tmp_path, (FIRST, (*SECOND, "UPDATE nowhere SET a = 1")))
    assert raw.execute("SELECT * FROM one").fetchall() == [(1,)]
    assert raw.execute("PRAGMA user_version").fetchone() == (1,)


async def test_a_newer_schema_is_refused_and_left_alone(store_file: Path) -> None:
    url = f"sqlite:///{store_file}"
    await (await SqliteStore.open(url)).close()
    newer = len(SQLITE_MIGRATIONS) + 1
    with closing(sqlite3.connect(store_file)) as db:
        db.execute(f"PRAGMA user_version = {newer}")
    with pytest.raises(Problem, match=f"its schema is {newer}") as caught:
        await SqliteStore.open(url)
    assert caught.value.code == "database_newer"
    with closing(sqlite3.connect(store_file)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (newer,)
