"""While the bot runs, old data goes; if it cannot, that is logged, and tried again."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.tidying import PAUSE, tidying
from bot.core.changes.audit import AuditEntry
from bot.setting_values import Retention
from bot.store import SqliteStore
from tests.store.make import entries_of
from tests.store.test_incidents import incident


async def test_it_is_tried_again_and_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "agw.db"
    store = await SqliteStore.open(f"sqlite:///{file}", lock_timeout=0.01)
    now = datetime.now(UTC)
    await store.add_incident(incident("old", created=now - timedelta(days=100)))
    await store.add_incident(incident("new", created=now))
    with closing(sqlite3.connect(file, isolation_level=None)) as program:
        program.execute("BEGIN IMMEDIATE")
        async with tidying(store, Retention()):
            await asyncio.sleep(PAUSE.total_seconds() / 2)
            assert await store.incident("old") is not None
            program.execute("ROLLBACK")
            await asyncio.sleep(PAUSE.total_seconds())
            assert await store.incident("old") is None
    assert await store.incident("new") is not None
    (said,) = (it for it in caplog.records if it.levelname == "WARNING")
    assert "is locked by another process" in said.getMessage()
    await store.close()


@pytest.mark.parametrize(
    ("kept", "left"), [(None, ["old", "new", "newest"]), (400, ["new", "newest"])]
)
async def test_the_audit_log_loses_lines_only_if_the_operator_wants_that(
    kept: int | None, left: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = await SqliteStore.open(f"sqlite:///{tmp_path / 'agw.db'}")
    now = datetime.now(UTC)
    for action, days in (("old", 401), ("new", 399), ("newest", 0)):
        await store.audit(AuditEntry(now - timedelta(days=days), action, "/g"))
    retention = Retention(audit=None if kept is None else timedelta(days=kept))
    with caplog.at_level(logging.INFO, "bot.cli.tidying"):
        async with tidying(store, retention):
            await asyncio.sleep(PAUSE.total_seconds() / 2)
    assert [it.action async for it in entries_of(store)] == left
    said = [it.getMessage() for it in caplog.records]
    assert said == (
        [] if kept is None else ["retention removed 1 line of the audit log, older than 400 days"]
    )
    await store.close()
