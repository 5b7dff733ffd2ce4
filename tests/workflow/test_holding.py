"""Holding a lease: it is kept while the work goes on, and the work ends when the lease is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.problem import Problem
from bot.store import SqliteStore
from bot.workflow.holding import holding, new_life
from tests import databases

KEY = "change:c1"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = await SqliteStore.open(f"sqlite:///{tmp_path / 'agw.db'}")
    yield opened
    await opened.close()


async def test_of_two_one_works_and_the_next_may_begin_at_once(store: SqliteStore) -> None:
    async with holding(store, KEY, "a") as first, holding(store, KEY, "b") as second:
        assert first is not None
        assert second is None
        assert first.left() > 0
    async with holding(store, KEY, "b") as third:
        assert third is not None
        assert third.lease.fence == first.lease.fence + 1


async def test_it_is_kept_for_as_long_as_the_work_takes(store: SqliteStore) -> None:
    """The loop's clock leaps over the pauses; without prolonging, the block would be cancelled."""
    async with holding(store, KEY, "a") as held:
        assert held is not None
        await asyncio.sleep(100)
        assert held.left() > 0
        assert await store.take(KEY, "b", 9) is None


async def test_work_ends_when_somebody_else_has_the_lease(store: SqliteStore) -> None:
    other = None

    async def work() -> None:
        nonlocal other
        async with holding(store, KEY, "a") as held:
            assert held is not None
            await store.let_go(held.lease)
            other = await store.take(KEY, "b", 1000)
            await asyncio.sleep(100)

    with pytest.raises(Problem) as caught:
        await work()
    assert caught.value.code == "lease_lost"
    assert other is not None
    assert await store.keep(other, 1000)


async def test_work_ends_when_the_database_stays_away(tmp_path: Path) -> None:
    """Another program keeps it locked, or nothing is heard of it."""
    database = await databases.here(tmp_path)
    loop = asyncio.get_running_loop()
    async with databases.outage(database) as outage:
        store = await outage.database.store(0.02 if database.kind == "sqlite" else 1.0)
        begun = loop.time()

        async def work() -> None:
            async with holding(store, KEY, "a", 9):
                outage.begin()
                await asyncio.sleep(1000)

        with pytest.raises(Problem) as caught:
            await work()
        assert caught.value.code == "lease_lost"
        assert loop.time() - begun < 1000
        await store.close()


async def test_what_fails_inside_is_told_as_it_is(store: SqliteStore) -> None:
    with pytest.raises(TimeoutError, match="of its own"):
        async with holding(store, KEY, "a"):
            raise TimeoutError("of its own")
    assert await store.take(KEY, "b", 9) is not None


def test_no_two_lives_have_one_name() -> None:
    assert new_life() != new_life()
