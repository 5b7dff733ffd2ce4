"""What is forgotten, and what is kept for as long as somebody may need it."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Card, ChangeState
from bot.core.changes.word import Word
from bot.store import DatabaseStore, SqliteStore
from bot.store.retention import AT_ONCE
from tests.core.make import ID, document
from tests.store.make import OLD, change, entries_of, gateway
from tests.store.outside import run
from tests.store.previous import Previous
from tests.store.test_changes import walk
from tests.store.test_incidents import incident

DAYS = timedelta(days=30)
_LONG_AGO = OLD.timestamp()


async def stored(store: DatabaseStore, change_id: str, until: ChangeState) -> None:
    """A change with its document, as far as that."""
    await store.add_change(change(change_id, gateway(change_id)))
    await walk(store, change_id, "approved")
    await store.advance(change_id, "approved", "writing", before=document())
    if until == "healthy":
        await store.advance(change_id, "writing", "written")
        await store.advance(change_id, "written", "verifying")
        await store.advance(change_id, "verifying", "healthy")


async def documents(store: DatabaseStore, *change_ids: str) -> list[bool]:
    """Whether each of them still has its own."""
    found = [await store.change(it) for it in change_ids]
    return [it is not None and it.before is not None for it in found]


async def test_old_documents_go_once_their_change_has_ended(store: DatabaseStore, url: str) -> None:
    await stored(store, "done", "healthy")
    await stored(store, "under way", "writing")
    await store.forget(DAYS)
    assert await documents(store, "done", "under way") == [True, True]
    await run(url, f"UPDATE documents SET stored = {_LONG_AGO} RETURNING 1")
    await store.forget(DAYS)
    assert await documents(store, "done", "under way") == [False, True]
    assert await store.count_changes(most=9) == 2


@pytest.mark.parametrize(
    ("state", "kept"),
    [("offered", True), ("writing", True), ("healthy", True), ("rejected", False), (None, False)],
)
async def test_an_old_card_is_kept_while_it_offers_something(
    store: DatabaseStore, state: ChangeState | None, kept: bool
) -> None:
    await store.add_incident(incident("i1", created=OLD))
    await store.add_incident(incident("new", created=datetime.now(UTC)))
    if state is not None:
        await store.add_change(change(card=Card(incident="i1")))
        if state == "rejected":
            await store.advance("c1", "offered", "rejected")
        else:
            await walk(store, "c1", state)
    await store.forget(DAYS)
    assert (await store.incident("i1") is not None) is kept
    assert await store.incident("new") is not None


async def test_words_go_when_they_have_been_said(store: DatabaseStore, url: str) -> None:
    await store.say(Word("said", "a", "card"), Word("waiting", "b", "card"))
    (first, _) = await store.unsaid(10)
    await store.said(first.seq)
    await run(url, f"UPDATE outbox SET ended = {_LONG_AGO} WHERE ended IS NOT NULL RETURNING 1")
    await store.forget(DAYS)
    assert await run(url, "SELECT key FROM outbox") == [("waiting",)]


async def test_leases_go_a_day_after_their_end(store: DatabaseStore, url: str) -> None:
    for key, seconds in (("new", 10.0), ("over", -10.0), ("old", -100_000.0)):
        await store.take(key, "a", seconds)
    await store.forget(DAYS)
    assert await run(url, "SELECT key FROM leases ORDER BY key") == [("new",), ("over",)]


async def test_deliveries_go_when_they_cannot_come_again(store: DatabaseStore, url: str) -> None:
    now = datetime.now(UTC)
    for key, hours in (("new", 0), ("old", 49)):
        assert await store.first_time(key, now - timedelta(hours=hours))
    await store.forget(DAYS)
    assert await run(url, "SELECT key FROM seen") == [("new",)]


async def test_the_audit_log_stays(store: DatabaseStore) -> None:
    line = AuditEntry(OLD, "approved", ID)
    await store.audit(line)
    await store.forget(DAYS)
    assert [it async for it in entries_of(store)] == [line]


async def test_documents_of_the_version_before_are_moved_and_forgotten(
    file: Path, file_url: str
) -> None:
    with closing(Previous(file)) as previous:
        for age, name in ((OLD, "old"), (datetime.now(UTC), "new")):
            made = change(name, gateway(name), created=age, state="healthy", before=document())
            previous.add(made)
        previous.add(change("bad", gateway("bad"), state="failed"))
    await run(file_url, "UPDATE changes SET body = '{\"id' WHERE id = 'bad'")
    store = await SqliteStore.open(file_url)
    await store.forget(DAYS)
    assert await documents(store, "old", "new") == [False, True]
    bodies = await run(file_url, "SELECT body FROM changes WHERE id <> 'bad'")
    assert all('"before":null' in body for (body,) in bodies)
    await store.close()


async def test_forgetting_goes_on_until_nothing_is_left(store: DatabaseStore, url: str) -> None:
    leases = ", ".join(f"('key {number}', 'a', 1, 0)" for number in range(2 * AT_ONCE + 1))
    await run(url, f"INSERT INTO leases (key, holder, fence, ends) VALUES {leases} RETURNING 1")
    await store.forget(DAYS)
    assert await run(url, "SELECT count(*) FROM leases") == [(0,)]
