"""While the bot runs, old data goes; if it cannot, that is logged, and tried again."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.tidying import PAUSE, tidying
from bot.store import SqliteStore
from tests.store.test_incidents import incident


async def test_it_is_tried_again_and_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "agw.db"
    store = await SqliteStore.open(f"sqlite:///{file}", lock_timeout=0.01)
    now = datetime.now(UTC)
    await store.save_incident(incident("old", created=now - timedelta(days=100)))
    await store.save_incident(incident("new", created=now))
    with closing(sqlite3.connect(file, isolation_level=None)) as program:
        program.execute("BEGIN IMMEDIATE")
        async with tidying(store, timedelta(days=90)):
            await asyncio.sleep(PAUSE.total_seconds() / 2)
            assert await store.incident("old") is not None
            program.execute("ROLLBACK")
            await asyncio.sleep(PAUSE.total_seconds())
            assert await store.incident("old") is None
    assert await store.incident("new") is not None
    (said,) = (it for it in caplog.records if it.levelname == "WARNING")
    assert "is locked by another process" in said.getMessage()
    await store.close()
