"""An audit log with a chain, and somebody who changes it past the bot, with the rights of an administrator."""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

import asyncpg

from bot.core.changes.audit import AuditEntry
from bot.core.changes.audit_chain import Broken, Intact
from bot.store import DatabaseStore
from tests.core.make import ID, NOW

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)

_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'"

_NUMBERED = "ALTER TABLE audit ALTER seq SET GENERATED {}"


async def filled(store: DatabaseStore, lines: int, began: datetime = NOW) -> list[str]:
    """So many lines, a second apart; their hashes."""
    entries = [
        AuditEntry(began + timedelta(seconds=it), f"a{it + 1}", ID, details={"n": str(it)})
        for it in range(lines)
    ]
    await store.audit(*entries)
    found = [it.hash async for it in store.audit_lines()]
    return [it for it in found if it is not None]


async def tampered(url: str, *statements: str) -> None:
    """What an administrator can do: no trigger stands in his way, and none is there for him alone."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db, db:
            for (name,) in db.execute(_TRIGGERS).fetchall():
                db.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                db.execute(statement)
        return
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET search_path = agw; SET session_replication_role = replica")
        for statement in (_NUMBERED.format("BY DEFAULT"), *statements, _NUMBERED.format("ALWAYS")):
            await connection.execute(statement)
    finally:
        await connection.close()


def forged(previous: str, text: str) -> str:
    """The hash that a line with this text would have."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


async def intact(store: DatabaseStore, head: str = "") -> Intact:
    """What is found where everything fits."""
    found = await store.verify_audit(head)
    assert isinstance(found, Intact)
    return found


async def broken(store: DatabaseStore) -> Broken:
    """What is found where something does not."""
    found = await store.verify_audit()
    assert isinstance(found, Broken)
    return found


async def numbers(store: DatabaseStore) -> Sequence[int]:
    """Of the lines that are there."""
    return [it.number async for it in store.audit_lines()]
