"""The audit log: everything is added, nothing is changed, and lines are found by gateway and time."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.changes.audit import AuditEntry
from bot.store import SqliteStore
from tests.core.make import ID, NOW
from tests.store.make import gateway

SECOND = timedelta(seconds=1)


def entry(action: str = "approved", gateway_id: str = ID, seconds: int = 0) -> AuditEntry:
    """One line, some seconds after now."""
    details = {"digest": "ab" * 32, "shown": "two\nlines"}
    return AuditEntry(NOW + seconds * SECOND, action, gateway_id, "T1", "U1", "c1", details)


async def test_lines_come_back_oldest_first(store: SqliteStore) -> None:
    for line in (entry("second"), entry("third"), entry("first", seconds=-1)):
        await store.audit(line)
    found = [it async for it in store.audit_log()]
    assert found == [entry("first", seconds=-1), entry("second"), entry("third")]


async def test_a_line_without_a_person_is_kept(store: SqliteStore) -> None:
    await store.audit(AuditEntry(NOW, "diagnosed", ID))
    assert [it async for it in store.audit_log()] == [AuditEntry(NOW, "diagnosed", ID)]


@pytest.mark.parametrize("said", [ID, ID.upper(), "agw", "AGW"])
async def test_lines_are_found_by_id_and_by_name(store: SqliteStore, said: str) -> None:
    await store.audit(entry("mine", ID.replace("agw", "Agw")))
    await store.audit(entry("other", gateway("agw-shop")))
    await store.audit(entry("other", gateway("my-agw")))
    assert [it.action async for it in store.audit_log(said)] == ["mine"]


@pytest.mark.parametrize("said", ["", "%", "ag_", "applicationGateways/agw", "shop"])
async def test_nothing_else_is_found(store: SqliteStore, said: str) -> None:
    await store.audit(entry())
    assert [it async for it in store.audit_log(said)] == []


async def test_lines_are_found_from_a_moment_on(store: SqliteStore) -> None:
    for seconds in (-1, 0, 1):
        await store.audit(entry(str(seconds), seconds=seconds))
    assert [it.action async for it in store.audit_log(since=NOW)] == ["0", "1"]
    assert [it.action async for it in store.audit_log("agw", NOW + SECOND)] == ["1"]
    assert [it async for it in store.audit_log("other", NOW)] == []


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit SET body = 'x'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit (seq, at, gateway, name, body) VALUES (1, '', '', '', 'x')",
        "REPLACE INTO audit SELECT * FROM audit",
    ],
)
async def test_nobody_changes_a_line(store: SqliteStore, tmp_path: Path, attack: str) -> None:
    """Not even somebody with the file in hand and plain SQL."""
    await store.audit(entry())
    with closing(sqlite3.connect(tmp_path / "agw.db")) as db:
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            db.execute(attack)
        db.rollback()
    await store.audit(entry("later"))
    assert [it async for it in store.audit_log()] == [entry(), entry("later")]


async def test_no_value_is_taken_for_sql(store: SqliteStore) -> None:
    nasty: dict[str, Any] = {"'); DROP TABLE audit; --": "\x00\u2028' \" \\"}
    line = AuditEntry(NOW, "it's", "x'/y", details=nasty)
    await store.audit(line)
    assert [it async for it in store.audit_log("y")] == [line]
