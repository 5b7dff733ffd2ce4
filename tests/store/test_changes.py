"""Changes: one step at a time, one active change for one gateway, and nothing set by accident."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product
from typing import Any

import pytest

from bot.core.changes.change import ACTIVE, NEXT, Card, ChangeState
from bot.store import DatabaseStore, open_store
from bot.store.schema import POSTGRESQL_MIGRATIONS, SQLITE_MIGRATIONS
from tests.core.make import ID, NOW, document
from tests.store.make import ADA, BEN, LATER, OLD, change, gateway, plan

WAY: tuple[ChangeState, ...] = ("offered", "approved", "writing", "written", "verifying", "healthy")


async def walk(store: DatabaseStore, change_id: str, until: ChangeState) -> None:
    """Move an offered change to an active state, step by step."""
    way = WAY[: WAY.index(until) + 1]
    for before, after in pairwise(way):
        assert await store.advance(change_id, before, after) is not None


async def test_what_was_added_is_found(store: DatabaseStore) -> None:
    await store.add_change(change(shown="what was shown"))
    assert await store.change("c1") == change(shown="what was shown")


async def test_an_unknown_change_is_none(store: DatabaseStore) -> None:
    assert await store.change("c1") is None
    assert await store.advance("c1", "offered", "approved") is None


async def test_everything_survives_a_restart(url: str) -> None:
    first = await open_store(url)
    await first.add_change(change())
    moved = await first.advance("c1", "offered", "approved", approved_by=ADA, decided=LATER)
    await first.close()
    second = await open_store(url)
    found = await second.change("c1")
    await second.close()
    assert found == moved == change(state="approved", approved_by=ADA, decided=LATER)


async def test_a_step_sets_fields_and_returns_what_was_stored(store: DatabaseStore) -> None:
    await store.add_change(change())
    await walk(store, "c1", "approved")
    moved = await store.advance("c1", "approved", "writing", before=document())
    assert moved == change(state="writing", before=document())
    assert await store.change("c1") == moved


async def test_a_second_press_does_nothing(store: DatabaseStore) -> None:
    await store.add_change(change())
    presses = (store.advance("c1", "offered", "approved", approved_by=it) for it in (ADA, BEN))
    first, second = await asyncio.gather(*presses)
    assert first is not None
    assert second is None
    assert await store.change("c1") == first


@pytest.mark.parametrize("state", sorted(ACTIVE))
async def test_a_gateway_has_one_active_change(store: DatabaseStore, state: ChangeState) -> None:
    await store.add_change(change("c1"))
    await store.add_change(change("c2", ID.upper()))
    await walk(store, "c1", state)
    assert await store.advance("c2", "offered", "approved", approved_by=BEN) is None
    assert await store.change("c2") == change("c2", ID.upper())


async def test_the_next_change_may_start_when_the_first_has_ended(store: DatabaseStore) -> None:
    await store.add_change(change("c1"))
    await store.add_change(change("c2"))
    await walk(store, "c1", "healthy")
    assert await store.advance("c2", "offered", "approved") is not None


async def test_another_gateway_is_not_in_the_way(store: DatabaseStore) -> None:
    await store.add_change(change("c1"))
    await store.add_change(change("c2", gateway("agw-shop")))
    await walk(store, "c1", "writing")
    assert await store.advance("c2", "offered", "approved") is not None


@pytest.mark.parametrize("migrations", [SQLITE_MIGRATIONS, POSTGRESQL_MIGRATIONS])
def test_the_index_guards_exactly_the_active_states(
    migrations: tuple[tuple[str, ...], ...],
) -> None:
    """The migration's text is fixed; if core's table grows, a new migration is due."""
    (index,) = (it for migration in migrations for it in migration if "one_active_change" in it)
    assert {state for state in NEXT if f"'{state}'" in index} == ACTIVE


async def test_only_the_tables_steps_are_taken(store: DatabaseStore) -> None:
    for before, after in product(NEXT, NEXT):
        if after in NEXT[before]:
            assert await store.advance("c1", before, after) is None
        else:
            with pytest.raises(ValueError, match=f"from {before} to {after}"):
                await store.advance("c1", before, after)


@pytest.mark.parametrize("name", ["nonsense", "id", "plan", "created"])
async def test_a_step_sets_no_other_field(store: DatabaseStore, name: str) -> None:
    await store.add_change(change())
    fields: dict[str, Any] = {name: "x"}
    with pytest.raises(TypeError, match=name):
        await store.advance("c1", "offered", "approved", **fields)
    assert await store.change("c1") == change()


async def test_a_note_leaves_the_state_alone(store: DatabaseStore) -> None:
    await store.add_change(change())
    await walk(store, "c1", "writing")
    card = Card("C1", "1.2", "i1")
    noted = await store.note("c1", card=card, outcome="so far", after_etag="2", undone_by="c2")
    assert noted == change(
        state="writing", card=card, outcome="so far", after_etag="2", undone_by="c2"
    )
    assert await store.change("c1") == noted


@pytest.mark.parametrize("name", ["nonsense", "state", "plan", "approved_by", "before"])
async def test_a_note_sets_no_other_field(store: DatabaseStore, name: str) -> None:
    await store.add_change(change())
    fields: dict[str, Any] = {"outcome": "x", name: "healthy"}
    with pytest.raises(TypeError, match=name):
        await store.note("c1", **fields)
    assert await store.change("c1") == change()


async def test_a_note_on_nothing_is_a_mistake(store: DatabaseStore) -> None:
    with pytest.raises(LookupError, match="c1"):
        await store.note("c1", outcome="x")


async def test_only_an_offer_can_be_added(store: DatabaseStore) -> None:
    with pytest.raises(ValueError, match="approved"):
        await store.add_change(change(state="approved"))
    assert await store.changes() == ()


async def test_changes_come_newest_first(store: DatabaseStore) -> None:
    old = change("old", created=OLD)
    same = [change(it, created=NOW) for it in ("a", "b")]
    new = change("new", gateway("agw-shop"), created=NOW + timedelta(microseconds=1))
    for it in (new, *same, old):
        await store.add_change(it)
    assert [it.id for it in await store.changes()] == ["new", "b", "a", "old"]
    assert [it.id for it in await store.changes(ID.upper())] == ["b", "a", "old"]
    assert await store.changes(gateway("unknown")) == ()


async def test_a_restart_goes_on_with_the_oldest_first(store: DatabaseStore) -> None:
    states: tuple[ChangeState, ...] = ("healthy", "verifying", "offered", "writing", "approved")
    for age, state in enumerate(states):
        made = change(state, gateway(state), created=NOW - timedelta(minutes=age))
        await store.add_change(replace(made, plan=plan(gateway(state), etag=state)))
        await walk(store, state, state)
    assert [it.id for it in await store.active_changes()] == ["approved", "writing", "verifying"]


async def test_lists_are_short_and_counted(store: DatabaseStore) -> None:
    for number in range(5):
        made = change(f"c{number}", gateway(f"agw-{number % 2}"))
        await store.add_change(replace(made, created=NOW + timedelta(seconds=number)))
    assert [it.id for it in await store.changes(limit=2)] == ["c4", "c3"]
    assert [it.id for it in await store.changes(gateway("agw-0"), limit=2)] == ["c4", "c2"]
    assert (
        await store.count_changes(most=9),
        await store.count_changes(gateway("AGW-1"), most=9),
    ) == (5, 2)
    assert await store.count_changes(most=3) == 3
    assert await store.count_changes(gateway("AGW-1"), most=1) == 1


async def test_open_ones_are_offered_or_under_way(store: DatabaseStore) -> None:
    for state in ("offered", "approved", "healthy"):
        await store.add_change(change(state, gateway(state)))
        await walk(store, state, state)
    assert [it.id for it in await store.open_changes()] == ["approved", "offered"]
    assert [it.id for it in await store.open_changes(limit=1)] == ["approved"]
    assert [it.id for it in await store.open_changes(gateway("OFFERED"))] == ["offered"]
    assert await store.open_changes(gateway("healthy")) == ()


async def test_changes_in_effect_are_found_where_their_gateway_has_offers_too(
    store: DatabaseStore,
) -> None:
    for name in ("agw-a", "agw-b"):
        for minutes in (1, 2):
            made = NOW + timedelta(minutes=minutes)
            await store.add_change(change(f"{name}-{minutes}", gateway(name), created=made))
            await walk(store, f"{name}-{minutes}", "healthy")
    await store.add_change(change("refused", gateway("agw-b")))
    await walk(store, "refused", "approved")
    await store.advance("refused", "approved", "refused")
    await store.add_change(change("offered", gateway("agw-b")))
    found = await store.changed_with_offers(NOW)
    assert [it.id for it in found] == ["agw-b-1", "agw-b-2"]
    late = NOW + timedelta(minutes=2)
    assert [it.id for it in await store.changed_with_offers(late)] == ["agw-b-2"]


async def test_changes_of_a_card_come_oldest_first(store: DatabaseStore) -> None:
    await store.add_change(
        change("b", created=NOW + timedelta(seconds=1), card=Card(incident="i1"))
    )
    await store.add_change(change("a", card=Card(incident="i1")))
    await store.add_change(change("other", card=Card(incident="i2")))
    assert [it.id for it in await store.changes_of_card("i1")] == ["a", "b"]
    await store.note("b", card=Card(incident="i2"))
    assert [it.id for it in await store.changes_of_card("i1")] == ["a"]


async def test_offers_past_their_end_are_found(store: DatabaseStore) -> None:
    for minutes in (2, 1, 3):
        await store.add_change(change(f"c{minutes}", expires=NOW + timedelta(minutes=minutes)))
    await store.advance("c1", "offered", "rejected")
    end = NOW + timedelta(minutes=3)
    assert [it.id for it in await store.expired_offers(end, 10)] == ["c2"]
    late = end + timedelta(seconds=1)
    assert [it.id for it in await store.expired_offers(late, 10)] == ["c2", "c3"]
    assert [it.id for it in await store.expired_offers(late, 1)] == ["c2"]


async def test_a_document_comes_with_its_change_and_not_in_a_list(store: DatabaseStore) -> None:
    await store.add_change(change())
    await walk(store, "c1", "approved")
    await store.advance("c1", "approved", "writing", before=document())
    noted = await store.note("c1", outcome="so far")
    assert noted.before == document()
    assert [it.before for it in await store.changes()] == [None]
    await store.advance("c1", "writing", "written", before=None)
    found = await store.change("c1")
    assert found is not None
    assert found.before is None
