"""A store in a new file for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import SqliteStore


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'agw.db'}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqliteStore]:
    """Empty, and closed after the test."""
    opened = await SqliteStore.open(url)
    yield opened
    await opened.close()
