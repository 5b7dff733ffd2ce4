"""A database that is deleted or replaced under a running bot: nothing is written where it would be lost."""

from pathlib import Path

import pytest

from bot.core.problem import Problem
from bot.store import DatabaseStore, SqliteStore
from tests.store.make import change
from tests.store.outside import OTHERS_OUT, run


async def noticed(store: DatabaseStore) -> None:
    """Both for reading and for writing."""
    for attempt in (store.changes(), store.add_change(change("c2"))):
        with pytest.raises(Problem) as caught:
            await attempt
        assert caught.value.code == "database_replaced"


async def test_a_deleted_file(file_store: SqliteStore, tmp_path: Path) -> None:
    await file_store.add_change(change())
    (tmp_path / "agw.db").unlink()
    await noticed(file_store)
    assert not (tmp_path / "agw.db").exists()


async def test_another_file_in_its_place(file_store: SqliteStore, tmp_path: Path) -> None:
    other = await SqliteStore.open(f"sqlite:///{tmp_path / 'other.db'}")
    await other.close()
    (tmp_path / "other.db").rename(tmp_path / "agw.db")
    await noticed(file_store)


async def test_the_same_file_put_back(file_store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "agw.db").rename(tmp_path / "aside.db")
    await noticed(file_store)
    (tmp_path / "aside.db").rename(tmp_path / "agw.db")
    await file_store.add_change(change())
    assert await file_store.change("c1") == change()


@pytest.fixture
async def server_store(server_url: str) -> DatabaseStore:
    """The tables of a server; its tests take them away, so whoever comes next makes them anew."""
    from bot.store.postgres import PostgresStore

    return await PostgresStore.open(server_url)


async def test_tables_that_are_gone(server_store: DatabaseStore, server_url: str) -> None:
    await run(server_url, "DROP SCHEMA agw CASCADE")
    await noticed(server_store)
    await server_store.close()


async def test_another_database_in_its_place(server_store: DatabaseStore, server_url: str) -> None:
    await run(server_url, "UPDATE identity SET id = 'another'")
    # Connections to the one that was there ended with it.
    await run(server_url, OTHERS_OUT)
    await noticed(server_store)
    await server_store.close()
