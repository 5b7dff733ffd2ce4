"""Leases: one holder at a time, and whoever lost his can neither keep it nor write under it."""

import asyncio

import pytest

from bot.core.problem import Problem
from bot.store import DatabaseStore
from tests.store.make import change

LONG = 1000.0
OVER = -1.0
"""Of a lease that has run out when it is taken."""


async def test_of_many_one_gets_it(store: DatabaseStore) -> None:
    holders = [f"life {number}" for number in range(10)]
    taken = await asyncio.gather(*(store.take("outbox", it, LONG) for it in holders))
    (only,) = (it for it in taken if it is not None)
    assert (only.key, only.fence) == ("outbox", 1)
    assert await store.take("outbox", only.holder, LONG) is None
    assert await store.take("examine:other", "life 1", LONG) is not None


async def test_one_that_has_run_out_is_taken_anew_with_a_higher_fence(store: DatabaseStore) -> None:
    first = await store.take("outbox", "a", OVER)
    second = await store.take("outbox", "b", LONG)
    assert first is not None
    assert second is not None
    assert (first.fence, second.fence) == (1, 2)
    assert not await store.keep(first, LONG)
    await store.let_go(first)
    assert await store.keep(second, LONG)
    assert await store.take("outbox", "a", LONG) is None


async def test_one_that_has_run_out_is_kept_as_long_as_nobody_took_it(store: DatabaseStore) -> None:
    lease = await store.take("outbox", "a", OVER)
    assert lease is not None
    assert await store.keep(lease, LONG)
    assert await store.take("outbox", "b", LONG) is None


async def test_one_that_was_let_go_is_free_at_once_and_cannot_be_kept(store: DatabaseStore) -> None:
    first = await store.take("outbox", "a", LONG)
    assert first is not None
    await store.let_go(first)
    assert not await store.keep(first, LONG)
    second = await store.take("outbox", "a", LONG)
    assert second is not None
    assert second.fence == first.fence + 1


@pytest.mark.parametrize("lost", ["run out", "taken", "let go"])
async def test_nothing_is_stored_under_a_lost_lease(store: DatabaseStore, lost: str) -> None:
    await store.add_change(change())
    seconds = LONG if lost == "let go" else OVER
    lease = await store.take("change:c1", "a", seconds)
    assert lease is not None
    if lost == "taken":
        assert await store.take("change:c1", "b", LONG) is not None
    if lost == "let go":
        await store.let_go(lease)
    with pytest.raises(Problem) as caught:
        await store.advance("c1", "offered", "approved", lease=lease)
    assert caught.value.code == "lease_lost"
    assert await store.change("c1") == change()


async def test_under_a_lease_that_holds_a_step_is_taken(store: DatabaseStore) -> None:
    await store.add_change(change())
    lease = await store.take("change:c1", "a", LONG)
    moved = await store.advance("c1", "offered", "approved", lease=lease)
    assert moved == change(state="approved")


async def test_a_change_is_free_unless_somebody_works_on_it(store: DatabaseStore) -> None:
    await store.add_change(change())
    assert await store.free_changes(10) == ()
    await store.advance("c1", "offered", "approved")
    assert [it.id for it in await store.free_changes(10)] == ["c1"]
    assert await store.free_changes(0) == ()
    lease = await store.take("change:c1", "a", LONG)
    assert lease is not None
    assert await store.free_changes(10) == ()
    await store.let_go(lease)
    assert [it.id for it in await store.free_changes(10)] == ["c1"]
