"""A file of the version before: everything in it is found, and its replicas may go on beside a new one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Card, Change
from bot.core.changes.word import Word
from bot.store import SqliteStore, announcing
from bot.store.announcing import LARGE
from bot.store.schema import SQLITE_MIGRATIONS
from bot.store.sqlite_migration import migrate
from bot.store.values import moment, to_text
from tests.core.make import NOW, document
from tests.store.chain import LONG_AGO, forged, intact
from tests.store.make import ADA, change, entries_of, gateway
from tests.store.previous import Previous

CARD = Card("C1", "1.2", "i1")


@pytest.fixture
def previous(file: Path) -> Iterator[Previous]:
    """A replica that runs before, while and after the file is migrated."""
    with closing(Previous(file)) as replica:
        yield replica


def old(change_id: str = "old", **changes: Any) -> Change:
    """A change on a card."""
    return change(change_id, gateway(change_id), card=CARD, **changes)


async def test_what_it_stored_is_found_by_everything(previous: Previous, file_url: str) -> None:
    under_way = old("writing", state="writing", approved_by=ADA, before=document())
    for it in (old(), under_way, old("done", state="healthy", before=document())):
        previous.add(it)
    store = await SqliteStore.open(file_url)
    assert await store.change("writing") == under_way
    assert {it.id for it in await store.changes_of_card("i1")} == {"old", "writing", "done"}
    late = NOW + timedelta(days=1)
    assert [it.id for it in await store.expired_offers(late, 10)] == ["old"]
    assert [it.id for it in await store.free_changes(10)] == ["writing"]
    moved = await store.advance("writing", "writing", "written", operation_url="url")
    assert moved is not None
    assert moved.before == document()
    assert await store.change("writing") == moved
    await store.close()


async def test_it_goes_on_beside_a_new_one(previous: Previous, file_url: str) -> None:
    store = await SqliteStore.open(file_url)
    await store.add_change(change("new"))
    assert previous.state("new") == "offered"
    previous.add(old())
    assert await store.changes_of_card("i1") == (old(),)
    assert [it.id for it in await store.expired_offers(NOW + timedelta(days=1), 1)] != []
    previous.move(old(before=document()), "approved")
    found = await store.change("old")
    assert found == old(state="approved", before=document())
    # It also goes on with what the new one offered, and is killed; the new one takes over.
    previous.move(change("new", before=document()), "writing")
    moved = await store.advance("new", "writing", "written")
    assert moved == change("new", state="written", before=document())
    assert await store.change("new") == moved
    assert previous.see("Ev1")
    assert not await store.first_time("Ev1", NOW)
    line = AuditEntry(NOW, "approved", "/g/mine")
    previous.audit("mine", to_text(line))
    await store.audit(line)
    assert [it async for it in entries_of(store, "mine")] == [line, line]
    await store.close()


async def test_what_a_new_one_has_to_say_is_none_of_its_business(
    previous: Previous, file_url: str
) -> None:
    """It has no outbox: a word of any kind, about a change that it moves on, stays as it was stored."""
    store = await SqliteStore.open(file_url)
    asked = Word("c1:request", "request:new", "request", "new", {"a": "b"})
    await store.add_change(change("new"), words=(asked,))
    (before,) = await store.unsaid(10)
    previous.move(change("new", before=document()), "approved")
    assert previous.see("Ev1")
    previous.audit("mine", to_text(AuditEntry(NOW, "approved", "/g/mine")))
    assert await store.unsaid(10) == (before,)
    assert (before.word, before.tries, before.begun) == (asked, 0, False)
    await store.close()


async def test_between_both_a_gateway_has_one_active_change(
    previous: Previous, file_url: str
) -> None:
    store = await SqliteStore.open(file_url)
    await store.add_change(change("new"))
    previous.add(change("old", state="approved"))
    assert await store.advance("new", "offered", "approved") is None
    await store.add_change(change("second", gateway("other")))
    await store.advance("second", "offered", "approved")
    with pytest.raises(sqlite3.IntegrityError):
        previous.add(change("third", gateway("other"), state="approved"))
    await store.close()


async def test_a_migration_that_may_take_long_is_announced(
    previous: Previous, file_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    previous.add(old(shown="x" * LARGE))
    for _ in range(2):
        await (await SqliteStore.open(file_url)).close()
    # Another part may say that the machine is busy.
    (said,) = (it.getMessage() for it in caplog.records if it.name == announcing.log.name)
    assert "20 MB" in said


async def test_a_damaged_row_does_not_stop_the_migration(
    previous: Previous, file_url: str, tmp_path: Path
) -> None:
    previous.add(old("good"))
    previous.add(old("bad"))
    with closing(sqlite3.connect(tmp_path / "agw.db")) as db, db:
        db.execute("UPDATE changes SET body = '{\"id' WHERE id = 'bad'")
    store = await SqliteStore.open(file_url)
    assert await store.changes_of_card("i1") == (old("good"),)
    await store.close()


_ADD_AUDIT = """
    INSERT INTO audit (at, gateway, name, body, previous, hash)
    VALUES (:at, '/g/mine', 'mine', :body, :previous, :hash)
"""


async def test_the_second_schemas_replicas_go_on_with_the_chain(file: Path, file_url: str) -> None:
    """Each looks for the newest line that has a hash, as the new one does; retention leaves that one."""
    with closing(sqlite3.connect(file, isolation_level=None)) as replica:
        migrate(replica, file, SQLITE_MIGRATIONS[:2])

        def add(entry: AuditEntry) -> None:
            last = replica.execute(
                "SELECT hash FROM audit WHERE hash IS NOT NULL ORDER BY seq DESC LIMIT 1"
            ).fetchone()
            row = {"previous": last[0] if last else "", "body": to_text(entry)}
            row |= {"at": moment(entry.at), "hash": forged(row["previous"], row["body"])}
            replica.execute(_ADD_AUDIT, row)

        line = AuditEntry(LONG_AGO, "approved", "/g/mine")
        add(line)
        store = await SqliteStore.open(file_url)
        await store.audit(line)
        add(line)
        assert (await intact(store)).followed.lines == 3
        assert await store.forget_lines(timedelta(days=400)) == 2
        add(line)
        await store.audit(line)
        found = await intact(store)
        assert (found.followed.lines, found.retained.lines) == (3, 2)
        await store.close()
