"""Any text that comes from outside can be stored, and is found again by the same text."""

from datetime import UTC, datetime

import pytest

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Card
from bot.core.changes.word import Word
from bot.store import DatabaseStore
from tests.core.make import NOW
from tests.store.make import change, entries_of
from tests.store.test_incidents import incident

NASTY = (
    "\x00",
    "\ud800",
    "a\x00b\udfff",
    "'; DROP TABLE changes; --",
    ":id {now} $1 %s",
    "ÿ\u2028😀",
)


@pytest.mark.parametrize("text", NASTY)
async def test_any_text_is_stored_and_found(store: DatabaseStore, text: str) -> None:
    assert await store.first_time(text, NOW)
    assert not await store.first_time(text, NOW)
    await store.add_incident(incident(text, text, channel=text))
    assert (await store.incident(text)) == incident(text, text, channel=text)
    assert len(await store.recent_incidents(text, NOW, limit=5)) == 1
    made = change(text, text, card=Card(incident=text), shown=text)
    await store.add_change(made)
    assert await store.change(text) == made
    assert await store.changes(text) == await store.changes_of_card(text) == (made,)
    lease = await store.take(f"change:{text}", text, 1000)
    assert lease is not None
    moved = await store.advance(
        text,
        "offered",
        "approved",
        lease=lease,
        before={text: text},
        entries=(AuditEntry(NOW, text, text, details={"said": "it"}),),
        words=lambda _: (Word(text, text, "note", text, {text: text}),),
    )
    assert moved is not None
    assert (await store.change(text)) == moved
    assert await store.free_changes(1) == ()
    (unsaid,) = await store.unsaid(1, datetime.now(UTC))
    assert unsaid.word.parts == {text: text}
    await store.give_up(unsaid.seq, text)
    assert [it.action async for it in entries_of(store, text)] == [text]
