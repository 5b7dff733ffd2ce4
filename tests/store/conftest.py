"""A store for each test, of each kind of database: the file is new, and the server's tables are empty."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import DatabaseStore, SqliteStore, open_store
from tests import postgresql
from tests.eventloop import in_real_time


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Of an SQLite database that is not there yet."""
    return tmp_path / "agw.db"


@pytest.fixture
def file_url(file: Path) -> str:
    """What AGW_DATABASE_URL says of it."""
    return f"sqlite:///{file}"


@pytest.fixture
async def file_store(file_url: str) -> AsyncIterator[SqliteStore]:
    """Empty, and closed after the test."""
    opened = await SqliteStore.open(file_url)
    yield opened
    await opened.close()


@pytest.fixture
async def server_url() -> AsyncIterator[str]:
    """A PostgreSQL database without rows. The server is a process of its own, which needs real time."""
    with in_real_time():
        yield await postgresql.emptied()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Each kind of database, one after the other."""
    name = "file_url" if request.param == "sqlite" else "server_url"
    found: str = request.getfixturevalue(name)
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[DatabaseStore]:
    """Empty, and closed after the test."""
    opened = await open_store(url)
    yield opened
    await opened.close()
