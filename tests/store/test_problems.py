"""What goes wrong with the file, told in one sentence with a code and a hint."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.core.changes.audit import AuditEntry
from bot.core.problem import Problem
from bot.store import DatabaseStore, SqliteStore
from bot.store.sqlite_database import SqliteDatabase
from bot.store.work import rows
from tests.core.make import ID, NOW
from tests.store.make import change, entries_of
from tests.store.outside import run

NOBODY = 65534


@contextmanager
def without_rights() -> Iterator[None]:
    """Root may write everywhere, so it is somebody else for a moment; anybody else stays who they are."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(mine)


async def refused(url: str) -> Problem:
    """What is said when the file is opened."""
    with pytest.raises(Problem) as caught:
        await SqliteStore.open(url, lock_timeout=0.05)
    assert caught.value.hint.endswith(".")
    return caught.value


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgres://agw:word@db/agw", "not a database URL that agw supports"),
        ("mysql:///word", "not a database URL that agw supports"),
        ("sqlite:///", "not a database URL that agw supports"),
        ("agw.db", "not a database URL that agw supports"),
    ],
)
async def test_an_address_of_something_else(url: str, words: str) -> None:
    problem = await refused(url)
    assert problem.code == "bad_database_url"
    assert words in problem.message
    assert "word" not in str(problem)


async def test_a_lock_of_another_process(file_url: str, tmp_path: Path) -> None:
    store = await SqliteStore.open(file_url, lock_timeout=0.05)
    with closing(sqlite3.connect(tmp_path / "agw.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await store.changes() == ()
        with pytest.raises(Problem, match="is locked by another process") as caught:
            await store.add_change(change())
        assert caught.value.code == "database_locked"
        assert str(tmp_path / "agw.db") in caught.value.message
    await store.add_change(change())
    assert await store.change("c1") == change()
    await store.close()


async def test_a_lock_while_the_file_is_created(file_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "agw.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert (await refused(file_url)).code == "database_locked"
    await (await SqliteStore.open(file_url, lock_timeout=0.05)).close()


async def test_a_file_that_is_no_database(file_url: str, tmp_path: Path) -> None:
    content = b"Dear diary, today the gateway said 502. " * 40
    (tmp_path / "agw.db").write_bytes(content)
    problem = await refused(file_url)
    assert problem.code == "database_damaged"
    assert (tmp_path / "agw.db").read_bytes() == content


async def test_a_file_that_was_overwritten_in_part(file_url: str, tmp_path: Path) -> None:
    store = await SqliteStore.open(file_url)
    for number in range(50):
        await store.add_change(change(str(number)))
    await store.close()
    file = tmp_path / "agw.db"
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    assert (await refused(file_url)).code == "database_damaged"


async def test_a_file_whose_rows_were_overwritten(file_url: str, tmp_path: Path) -> None:
    store = await SqliteStore.open(file_url)
    await store.add_change(change(shown="what was shown" * 10_000))
    await store.close()
    file = tmp_path / "agw.db"
    content = file.read_bytes()
    at = content.index(b"what was shown" * 100)
    page = at - at % 4096
    file.write_bytes(content[:page] + b"\xff" * 4096 + content[page + 4096 :])
    damaged = await SqliteStore.open(file_url)
    with pytest.raises(Problem) as caught:
        await damaged.changes()
    await damaged.close()
    assert caught.value.code == "database_damaged"


async def test_a_stored_change_that_was_altered(store: DatabaseStore, url: str) -> None:
    await store.add_change(change())
    await run(url, "UPDATE changes SET body = '{}'")
    for look in (store.change("c1"), store.changes(), store.advance("c1", "offered", "approved")):
        with pytest.raises(Problem, match="A stored change cannot be read") as caught:
            await look
        assert caught.value.code == "database_damaged"


async def test_a_table_that_was_removed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'agw.db'}"
    store = await SqliteStore.open(url)
    await run(url, "DROP TABLE audit")
    with pytest.raises(Problem, match=r"lacks a part .* \(no such table: audit\)") as caught:
        await store.audit_head()
    await store.close()
    assert caught.value.code == "database_damaged"


async def test_a_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    problem = await refused(f"sqlite:///{tmp_path / 'state' / 'agw.db'}")
    assert problem.code == "database_unwritable"
    assert "cannot be created" in problem.message


async def test_a_file_that_is_a_directory(file_url: str, tmp_path: Path) -> None:
    (tmp_path / "agw.db").mkdir()
    assert (await refused(file_url)).code == "database_unwritable"


async def test_a_directory_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o500)
    with without_rights():
        problem = await refused(f"sqlite:///{folder / 'agw.db'}")
    assert problem.code == "database_unwritable"


async def test_a_full_disk(tmp_path: Path) -> None:
    """SQLite's own limit on pages makes the same error as a disk that is full (sqlite.org/rescode.html#full)."""
    database = await SqliteDatabase.open(tmp_path / "agw.db", 1)
    store = SqliteStore(database)
    await database.read(rows("PRAGMA max_page_count = 1"))
    big = AuditEntry(NOW, "shown", ID, details={"shown": "x" * 100_000})
    with pytest.raises(Problem, match="the disk is full") as caught:
        await store.audit(big)
    assert caught.value.code == "disk_full"
    assert [it async for it in entries_of(store)] == []
    await database.read(rows("PRAGMA max_page_count = 1000"))
    await store.audit(big)
    assert [it async for it in entries_of(store)] == [big]
    await store.close()
