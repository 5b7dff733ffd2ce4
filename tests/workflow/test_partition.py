"""Two replicas on one PostgreSQL database, and a network between one of them and it that fails at the worst moment."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.azure import ResourceManager
from bot.core.changes.change import Change
from bot.core.problem import Problem
from bot.lab.azure.faults import READ, Fault, Wait
from bot.lab.scenarios import scenario as named
from bot.probe import NetworkProber
from bot.store.postgres import PostgresStore
from bot.workflow import Granted, Step, Workflow
from tests import postgresql
from tests.eventloop import in_real_time
from tests.network import Network
from tests.workflow.conftest import ADA, QUICK, Scene, open_scene

LEASE = 2.0
PROMPT = replace(QUICK, lease=LEASE, health_least=2)


@asynccontextmanager
async def replica(scene: Scene, url: str) -> AsyncIterator[Workflow]:
    """A bot of its own on that database."""
    async with AsyncExitStack() as stack:
        store = await PostgresStore.open(url, 20.0)
        stack.push_async_callback(store.close)
        manager = ResourceManager(scene.azure.url, ())
        stack.push_async_callback(manager.close)
        ways = {**scene.backends.connect_to, **scene.names.connect_to}
        prober = NetworkProber(ways, loopback_only=True, dns_servers=[scene.names.bot.endpoint])
        yield Workflow(manager, prober, store, PROMPT, scene.clock)


async def approved(bot: Workflow, scene: Scene) -> Change:
    """The recommended change, approved at this replica."""
    incident = await scene.incident()
    report = await bot.diagnose(scene.gateway_id)
    incident = replace(incident, report=report)
    await bot.store.add_incident(incident)
    decision = await bot.approve((await bot.offers(incident))[0].id, ADA)
    assert isinstance(decision, Granted)
    return decision.change


def cutting(network: Network, key: str) -> Callable[[Step], None]:
    """Watches a change, and cuts the network when that step begins."""

    def watch(step: Step) -> None:
        if (step.key, step.state) == (key, "running"):
            network.cut()

    return watch


async def taken_over(bot: Workflow) -> Change:
    """Look for a change that nobody works on, as a replica does, and carry it out."""
    while True:
        for free in await bot.store.free_changes(1):
            # On a busy machine it may lose so short a lease as well; then it looks again.
            with suppress(Problem):
                return await bot.carry_out(free.id)
        await asyncio.sleep(LEASE / 10)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("read_takes", "puts", "ended"), [(0.0, 1, "healthy"), (3 * LEASE, 0, "failed")]
)
async def test_a_partition_never_gives_a_second_put(
    tmp_path: Path, read_takes: float, puts: int, ended: str
) -> None:
    """The intent is stored, and then the network fails. The PUT leaves at once, or would only when its time is over."""
    with in_real_time():
        url = await postgresql.emptied()
        async with (
            open_scene(named("ilb-ase"), tmp_path) as scene,
            Network(postgresql.server().port).open() as network,
            replica(scene, url.replace(f":{postgresql.server().port}", f":{network.port}")) as one,
            replica(scene, url) as other,
        ):
            change = await approved(other, scene)
            watch = cutting(network, "write")
            if read_takes:
                watch = _slow(scene, network, read_takes)
            working = asyncio.create_task(one.carry_out(change.id, watch))
            await network.is_cut.wait()
            found = await taken_over(other)
            with suppress(Problem):
                await working
            assert found.state == ended
            assert scene.puts == puts
            network.mend()
            assert (await other.store.change(change.id)) == found


def _slow(scene: Scene, network: Network, seconds: float) -> Callable[[Step], None]:
    """The same, and the reading right before the PUT takes longer than the lease lasts."""

    def watch(step: Step) -> None:
        if (step.key, step.state) == ("write", "running"):
            network.cut()
            scene.azure.set_fault(Fault(Wait(seconds), action=READ, times=1))

    return watch
