"""Deliveries: done once, however often they come."""

import asyncio
from datetime import timedelta

from bot.store import DatabaseStore, open_store
from tests.core.make import NOW

HOUR = timedelta(hours=1)


async def test_a_delivery_is_new_once(store: DatabaseStore) -> None:
    assert await store.first_time("Ev1", NOW)
    assert not await store.first_time("Ev1", NOW)
    assert await store.first_time("Ev2", NOW)


async def test_of_many_at_once_one_is_the_first(store: DatabaseStore, url: str) -> None:
    other = await open_store(url)
    found = await asyncio.gather(
        *(it.first_time("Ev1", NOW) for it in (store, other) for _ in range(20))
    )
    await other.close()
    assert sum(found) == 1


async def test_it_is_remembered_over_a_restart(url: str) -> None:
    for expected in (True, False):
        store = await open_store(url)
        assert await store.first_time("Ev1", NOW) is expected
        await store.close()


async def test_it_is_remembered_for_a_day(store: DatabaseStore) -> None:
    assert await store.first_time("Ev1", NOW)
    assert not await store.first_time("Ev1", NOW + 24 * HOUR)
    assert await store.first_time("Ev1", NOW + 25 * HOUR)
