"""Words: stored with what they are about, found in order, said once."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.changes.audit import AuditEntry
from bot.core.changes.word import Word
from bot.core.problem import Problem
from bot.store import DatabaseStore
from tests.core.make import ID, NOW
from tests.store.make import OLD, change, entries_of
from tests.store.test_incidents import incident

SECOND = timedelta(seconds=1)


def word(key: str, place: str = "i1", **changes: Any) -> Word:
    """A line for a card."""
    return Word(**{"key": key, "place": place, "kind": "card", "about": "c1"} | changes)


async def keys(store: DatabaseStore, limit: int = 10) -> list[str]:
    """Of what is to be said now."""
    return [it.word.key for it in await store.unsaid(limit, NOW)]


async def seq(store: DatabaseStore, key: str) -> int:
    """The number of a word that is to be said now."""
    return next(it.seq for it in await store.unsaid(100, NOW) if it.word.key == key)


async def test_what_was_stored_comes_back(store: DatabaseStore) -> None:
    said = word("a", kind="note", parts={"user": "U1", "text": "\x00 \u2028 \"'"})
    await store.say(said)
    (found,) = await store.unsaid(10)
    assert found.word == said
    assert (found.tries, found.begun) == (0, False)
    assert found.due < NOW


async def test_the_first_of_each_place_comes_oldest_first(store: DatabaseStore) -> None:
    await store.say(word("b1", "b"), word("a1", "a"), word("b2", "b"), word("c1", "c"))
    assert await keys(store) == ["b1", "a1", "c1"]
    assert await keys(store, 2) == ["b1", "a1"]
    assert await store.unsaid_count() == 4
    await store.said(await seq(store, "b1"), "1.2")
    assert await keys(store) == ["a1", "b2", "c1"]
    assert await store.unsaid_count() == 3


async def test_a_word_is_stored_once_even_after_it_was_said(store: DatabaseStore) -> None:
    await store.say(word("a"), word("a", parts={"text": "again"}))
    await store.said(await seq(store, "a"))
    await store.say(word("a"))
    assert await store.unsaid_count() == 0


async def test_a_word_that_was_put_off_holds_up_its_place_only(store: DatabaseStore) -> None:
    await store.say(word("a1", "a"), word("a2", "a"), word("b1", "b"))
    number = await seq(store, "a1")
    await store.begin_saying(number)
    assert [(it.tries, it.begun) for it in await store.unsaid(1, NOW)] == [(1, True)]
    await store.put_off(number, NOW + SECOND, "Slack is away")
    assert await keys(store) == ["b1"]
    (later,) = await store.unsaid(1, NOW + SECOND)
    assert (later.word.key, later.tries, later.begun, later.due) == ("a1", 1, False, NOW + SECOND)


async def test_by_default_the_databases_clock_says_what_is_due(store: DatabaseStore) -> None:
    await store.say(word("past", "a"), word("future", "b"))
    await store.put_off(await seq(store, "past"), OLD, "")
    await store.put_off(await seq(store, "future"), NOW.replace(year=2999), "")
    assert [it.word.key for it in await store.unsaid(10)] == ["past"]


async def test_a_word_that_was_given_up_lets_the_next_one_through(store: DatabaseStore) -> None:
    await store.say(word("a1"), word("a2"))
    await store.give_up(await seq(store, "a1"), "the channel is archived")
    assert await keys(store) == ["a2"]


async def test_a_replica_that_lost_its_turn_does_not_begin(store: DatabaseStore) -> None:
    await store.say(word("a"))
    lost = await store.take("outbox", "one", -1)
    mine = await store.take("outbox", "other", 1000)
    number = await seq(store, "a")
    with pytest.raises(Problem) as caught:
        await store.begin_saying(number, lease=lost)
    assert caught.value.code == "lease_lost"
    assert [it.begun for it in await store.unsaid(1, NOW)] == [False]
    await store.begin_saying(number, lease=mine)
    assert [it.begun for it in await store.unsaid(1, NOW)] == [True]


async def test_a_step_its_line_and_its_words_are_one(store: DatabaseStore) -> None:
    line = AuditEntry(NOW, "approved", ID)
    await store.add_change(change(), entries=(line,), words=(word("offered"),))
    told: dict[str, Any] = {"entries": (line,), "words": (word("approved"),)}
    assert await store.advance("c1", "offered", "approved", **told) is not None
    assert await store.advance("c1", "offered", "approved", **told) is None
    assert [it async for it in entries_of(store)] == [line, line]
    assert await store.unsaid_count() == 2


async def test_where_a_gateway_is_taken_neither_line_nor_word_is_stored(
    store: DatabaseStore,
) -> None:
    for name in ("c1", "c2"):
        await store.add_change(change(name))
    await store.advance("c1", "offered", "approved")
    line = AuditEntry(NOW, "approved", ID)
    second = await store.advance(
        "c2", "offered", "approved", entries=(line,), words=lambda _: (word("a"),)
    )
    assert second is None
    assert [it async for it in entries_of(store)] == []
    assert await store.unsaid_count() == 0


async def test_an_incident_its_line_and_its_words_are_one(store: DatabaseStore) -> None:
    line = AuditEntry(NOW, "diagnosed", ID)
    await store.add_incident(incident(), entries=(line,), words=(word("a"),))
    assert [it async for it in entries_of(store)] == [line]
    assert await keys(store) == ["a"]
