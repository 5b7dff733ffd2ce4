"""What `make bench` compares with is what it says."""

from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.core.analysis import follow_up_probes
from bot.core.model.observation import Attempt
from bot.lab.scenarios import scenario as named
from bot.workflow.diagnosing import Examined
from tests.bench.connections import as_before, for_probes_alone
from tests.corpus.running import Running, running


@pytest.fixture
async def refused(tmp_path: Path) -> AsyncIterator[Running]:
    """Clients are sent to a port of their own, which refuses them."""
    async with running(named("clients-port-refused"), tmp_path) as run:
        await run.settled()
        yield run


@pytest.fixture
async def overridden(tmp_path: Path) -> AsyncIterator[Running]:
    """Clients get another page than the probe."""
    async with running(named("clients-path-override"), tmp_path) as run:
        await run.settled()
        yield run


async def test_a_diagnosis_as_before_looks_at_no_request_of_clients(overridden: Running) -> None:
    with as_before():
        before = await _examined(overridden)
    now = await _examined(overridden)
    assert before.what_if.case.clients == ()
    asked = {it.attempt for it in now.what_if.case.clients}
    assert asked <= _made(now)
    assert not asked <= _made(before)


async def test_a_diagnosis_for_probes_alone_asks_no_server_as_clients_do(refused: Running) -> None:
    with for_probes_alone():
        alone = await _examined(refused)
    now = await _examined(refused)
    asked = {it.attempt for it in now.what_if.case.clients}
    assert asked
    assert asked <= _made(now)
    assert asked.isdisjoint(_made(alone))


async def test_a_diagnosis_as_before_makes_no_look_that_came_since(tmp_path: Path) -> None:
    async with running(named("redirect-accepted"), tmp_path) as run:
        await run.settled()
        now = await _examined(run)
        with as_before():
            before = await _examined(run)
    assert _made(before) < _made(now)


def test_clients_requests_that_nobody_asks_for_are_told() -> None:
    with pytest.raises(LookupError, match="nobody asked"), as_before():
        pass


def test_looks_that_are_gone_are_told() -> None:
    fewer = follow_up_probes.LOOKS[1:]
    with (
        patch.object(follow_up_probes, "LOOKS", fewer),
        pytest.raises(LookupError, match="looks_at_addresses"),
        as_before(),
    ):
        pass


async def _examined(run: Running) -> Examined:
    return await run.diagnostician.examine(str(run.azure.gateway(run.gateway)["id"]))


def _made(examined: Examined) -> set[Attempt]:
    return {it.attempt for it in examined.what_if.case.observations}
