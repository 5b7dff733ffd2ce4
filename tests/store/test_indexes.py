"""No list reads a whole table: with years of changes in it, an answer still takes milliseconds."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TypeVar

import pytest

from bot.core.changes.audit import AuditEntry
from bot.core.changes.word import Word
from bot.store import DatabaseStore
from bot.store.location import database_file, is_postgresql
from bot.store.postgres_database import PostgresDatabase
from bot.store.sqlite_database import SqliteDatabase
from bot.store.transactions import Database
from bot.store.work import Statement, Work, rows
from tests.core.make import ID, NOW
from tests.store.make import OLD, change, entries_of
from tests.store.test_incidents import incident

T = TypeVar("T")

_SHORT = (
    *("changes_open", "changes_under_way", "changes_not_packed", "audit_chain", "outbox_unsaid"),
    *("audit_removed", "open", "counted"),
)
"""Indexes and tables that hold few rows, or of which only the end is read; and what a statement has taken from one of
them."""

_WHOLE = (
    "changes ORDER BY created DESC, seq DESC LIMIT :limit",
    "FROM changes LIMIT :most) AS counted",
)
"""Ends of statements that begin at one end of an index, and read only so far."""


class Explaining:
    """A database that keeps for each statement how it is carried out."""

    def __init__(self, database: Database, explain: str, first: str = "") -> None:
        self.plans: dict[str, str] = {}
        self._database = database
        self._explain = explain
        self._first = first

    async def read(self, work: Work[T]) -> T:
        return await self._database.read(self._explained(work))

    async def write(self, work: Work[T]) -> T:
        return await self._database.write(self._explained(work))

    async def close(self) -> None:
        await self._database.close()

    def _explained(self, work: Work[T]) -> Work[T]:
        if self._first:
            yield from rows(self._first)
        try:
            statement = next(work)
            while True:
                if " FROM " in statement.text or statement.text.lstrip().startswith("UPDATE"):
                    yield from self._plan(statement)
                statement = work.send((yield statement))
        except StopIteration as end:
            value: T = end.value
            return value

    def _plan(self, statement: Statement) -> Work[None]:
        found = yield Statement(f"{self._explain} {statement.text}", statement.values)
        self.plans[statement.text] = "\n".join(str(row[-1]) for row in found.rows)


@pytest.fixture
async def explaining(url: str) -> AsyncIterator[Explaining]:
    """Of each kind. Tables are small here, so PostgreSQL is told to use an index wherever it can."""
    if is_postgresql(url):
        server = await PostgresDatabase.open(url)
        opened = Explaining(server, "EXPLAIN", "SET LOCAL enable_seqscan = off")
    else:
        opened = Explaining(await SqliteDatabase.open(database_file(url), 5), "EXPLAIN QUERY PLAN")
    yield opened
    await opened.close()


async def test_every_statement_finds_its_rows_by_an_index(explaining: Explaining) -> None:
    store = DatabaseStore(explaining)
    await _everything(store)
    assert len(explaining.plans) >= 30
    for text, plan in explaining.plans.items():
        for line in plan.splitlines():
            if line.startswith("SCAN ") and not text.endswith(_WHOLE):
                assert line.split()[-1] in _SHORT, f"{text}\n{plan}"
            assert "Seq Scan" not in line or " on audit_removed " in line, f"{text}\n{plan}"


async def test_what_is_open_on_a_gateway_is_not_looked_for_among_all_its_changes(
    explaining: Explaining,
) -> None:
    store = DatabaseStore(explaining)
    await store.open_changes(ID, limit=10)
    (plan,) = explaining.plans.values()
    assert "changes_open" in plan


async def _everything(store: DatabaseStore) -> None:
    """Every statement at least once."""
    await store.first_time("Ev1", NOW)
    await store.add_incident(incident())
    await store.incident("i1")
    for which in (None, ID):
        await store.recent_incidents(which, NOW, limit=5)
    await store.add_change(change())
    for gateway in (None, ID):
        await store.changes(gateway, limit=10)
        await store.count_changes(gateway, most=9)
        await store.open_changes(gateway, limit=10)
    await store.changes_of_card("i1")
    await store.expired_offers(NOW, 10)
    await store.changed_with_offers(NOW)
    await store.active_changes()
    await store.free_changes(10)
    lease = await store.take("change:c1", "a", 1000)
    assert lease is not None
    await store.keep(lease, 1000)
    await store.advance("c1", "offered", "approved", lease=lease)
    await store.note("c1", outcome="so far")
    await store.let_go(lease)
    await store.say(Word("a", "i1", "card"), Word("b", "i2", "card"))
    first, second = await store.unsaid(10)
    await store.unsaid_count()
    await store.begin_saying(first.seq)
    await store.put_off(first.seq, NOW, "")
    await store.said(first.seq)
    await store.give_up(second.seq, "")
    await store.audit(AuditEntry(NOW, "approved", ID))
    for which in (None, ID, "agw"):
        assert [it async for it in entries_of(store, which)]
    assert await store.audit_head()
    await store.audit(AuditEntry(OLD, "approved", ID), AuditEntry(NOW, "approved", ID))
    for _ in range(2):
        await store.forget_lines(timedelta(days=1000))
        await store.verify_audit("ab" * 32)
    await store.forget(timedelta(days=1))
