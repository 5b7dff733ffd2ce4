"""Several replicas on one database: whose work is taken over, when, and that the earlier one can do no harm."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.core.changes.lease import Lease
from bot.core.problem import Problem
from bot.store import DatabaseStore
from bot.store.postgres import PostgresStore
from bot.workflow.holding import LEASE, LOOK, holding
from tests import postgresql
from tests.children import start
from tests.network import Network
from tests.store.make import change

KEY = "change:c1"
SHORT = 2.0
"""Seconds of a lease, where a test waits for its end."""


async def taken_over(store: DatabaseStore) -> Lease:
    """Look until nobody works on it any more, as a replica does."""
    while True:
        if (lease := await store.take(KEY, "another", SHORT)) is not None:
            return lease
        await asyncio.sleep(SHORT / 10)


def test_a_killed_replicas_work_is_free_and_looked_for_within_fifteen_seconds() -> None:
    assert LEASE + LOOK < 15


async def test_a_killed_replicas_work_is_taken_over(store: DatabaseStore, url: str) -> None:
    await store.add_change(change())
    await store.advance("c1", "offered", "approved")
    replica = await start("tests.store.child", "hold", url, KEY, str(SHORT))
    try:
        assert await replica.stdout.readline() == b"True\n"
        # It lives for longer than its lease lasts, and keeps it.
        await asyncio.sleep(1.5 * SHORT)
        assert await store.free_changes(1) == ()
    finally:
        replica.kill()
        await replica.communicate()
    lease = await taken_over(store)
    assert lease.fence == 2
    assert await store.advance("c1", "approved", "writing", lease=lease) is not None


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """Between one replica and the server."""
    async with Network(postgresql.server().port).open() as opened:
        yield opened


async def test_a_replica_cut_off_from_the_database_stops_before_another_begins(
    server_url: str, network: Network
) -> None:
    """By its own clock, since it hears nothing; and what it sent meanwhile counts for nothing."""
    behind = server_url.replace(f":{postgresql.server().port}/", f":{network.port}/")
    cut_off, other = await PostgresStore.open(behind, SHORT), await PostgresStore.open(server_url)
    await other.add_change(change())
    loop, alone = asyncio.get_running_loop(), asyncio.Event()
    old: list[Lease] = []
    stopped: list[float] = []

    async def work() -> None:
        async with holding(cut_off, KEY, "one", SHORT) as held:
            assert held is not None
            old.append(held.lease)
            await cut_off.advance("c1", "offered", "approved", lease=held.lease)
            network.cut()
            alone.set()
            try:
                # What it wants to store now is on its way for ever.
                await cut_off.advance("c1", "approved", "writing", lease=held.lease)
            finally:
                assert held.left() == 0
                stopped.append(loop.time())

    working = asyncio.create_task(work())
    await alone.wait()
    lease = await taken_over(other)
    begun = loop.time()
    with pytest.raises(Problem) as caught:
        await working
    assert caught.value.code == "lease_lost"
    assert stopped[0] < begun
    assert lease.fence == old[0].fence + 1
    network.mend()
    with pytest.raises(Problem) as caught:
        await cut_off.advance("c1", "approved", "writing", lease=old[0])
    assert caught.value.code == "lease_lost"
    assert not await cut_off.keep(old[0], SHORT)
    found = await other.change("c1")
    assert found is not None
    assert found.state == "approved"
    await cut_off.close()
    await other.close()


async def test_a_network_that_is_cut_does_not_hold_up_the_end(
    server_url: str, network: Network
) -> None:
    behind = server_url.replace(f":{postgresql.server().port}/", f":{network.port}/")
    cut_off = await PostgresStore.open(behind, 600.0)
    network.cut()
    adding = asyncio.create_task(cut_off.add_change(change()))
    await asyncio.sleep(0)
    await cut_off.close()
    assert not adding.done()
    adding.cancel()
    await asyncio.wait({adding})
