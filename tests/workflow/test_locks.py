"""A read-only lock: foreseen where it may be read, and told by Azure where it may not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.changes.change import Card
from bot.core.changes.remark_text import outcome_text
from bot.core.model.marked import plain
from bot.lab.azure import forbidden, scope_locked
from bot.lab.azure.faults import LOCKS
from bot.lab.azure.locks import ManagementLock
from bot.lab.scenarios import scenario as named
from bot.workflow import Refused
from tests.workflow.conftest import ADA, Scene, codes, open_scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Microsoft's incident on v1, in a group that is locked."""
    incident = named("ilb-ase")
    group = incident.gateways[0]["id"].partition("/providers/")[0]
    locks = (ManagementLock(group, "keep"),)
    locked = replace(incident, options=replace(incident.options, locks=locks))
    async with asyncio.timeout(600), open_scene(locked, tmp_path) as found:
        found.azure.set_fault(scope_locked())
        yield found


async def test_a_lock_that_is_known_leaves_no_dead_button(scene: Scene) -> None:
    incident = await scene.incident()
    await scene.workflow.store.add_incident(incident)
    assert await scene.workflow.offers(incident) == ()
    assert incident.report is not None
    best = next(it for it in incident.report.options if it.recommended)
    assert (best.id, best.works, best.automated) == ("upload_ilb_certificate", True, False)
    assert "read-only lock keep on its resource group" in plain(best.steps[0])
    assert scene.puts == 0


async def test_a_lock_that_may_not_be_read_is_told_by_azure_at_the_press(scene: Scene) -> None:
    scene.azure.set_fault(forbidden(LOCKS))
    change = await scene.approved()
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended)) == ("failed", ["refused"])
    assert "lock" in ended.remarks[0].parts["said"]


async def test_a_lock_that_can_be_read_only_now_is_found_before_anything_is_sent(
    scene: Scene,
) -> None:
    scene.azure.set_fault(forbidden(LOCKS))
    change = await scene.approved()
    scene.azure.clear_faults()
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended), scene.puts) == ("refused", ["locked"], 0)
    assert "the read-only lock keep on its resource group" in plain(outcome_text(ended))


async def test_an_undo_behind_a_lock_is_not_offered(scene: Scene) -> None:
    scene.azure.clear_faults()
    scene.azure.set_fault(forbidden(LOCKS))
    change = await scene.healed()
    scene.azure.clear_faults()
    refused = await scene.workflow.offer_undo(change.id, ADA, Card())
    assert isinstance(refused, Refused)
    assert "the read-only lock keep on its resource group" in plain(refused.reason)
