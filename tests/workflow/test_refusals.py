"""What was seen is what is done, and nothing is ever done twice."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.changes.change import Card
from bot.core.changes.limits import Limits, Once
from bot.core.changes.remark_text import outcome_text
from bot.lab.azure import (
    Fault,
    LoseAnswer,
    Refuse,
    forbidden,
    linked_forbidden,
    scope_locked,
)
from bot.lab.azure.errors import ArmError
from bot.lab.azure.faults import OPERATION_STATUS, WRITE
from bot.lab.pki import leaf
from bot.workflow import Granted, Refused
from tests.workflow.conftest import ADA, BEN, QUICK, Scene, codes


async def test_two_people_and_a_double_press_make_one_change(scene: Scene) -> None:
    offered = await scene.offer()
    presses = [scene.workflow.approve(offered.id, person) for person in (ADA, BEN, ADA, BEN)]
    decisions = await asyncio.gather(*presses)
    granted = [it for it in decisions if isinstance(it, Granted)]
    refused = [it for it in decisions if isinstance(it, Refused)]
    assert (len(granted), len(refused)) == (1, 3)
    assert all("already" in it.reason and it.by is not None for it in refused)
    await scene.workflow.carry_out(offered.id)
    await scene.workflow.carry_out(offered.id)
    assert scene.puts == 1


async def test_a_second_offer_waits_while_a_change_is_running(scene: Scene) -> None:
    first, second = await scene.offer(), await scene.offer()
    assert isinstance(await scene.workflow.approve(first.id, ADA), Granted)
    refused = await scene.workflow.approve(second.id, BEN)
    assert isinstance(refused, Refused)
    assert "Another change to this gateway is running" in refused.reason


async def test_a_freeze_that_begins_after_the_press_lets_nothing_be_sent(scene: Scene) -> None:
    change = await scene.approved()
    freeze = Once(scene.clock() - timedelta(hours=1), scene.clock() + timedelta(hours=1))
    frozen = scene.reopen(replace(QUICK, limits=Limits(freeze=(freeze,))))
    ended = await frozen.carry_out(change.id)
    assert (ended.state, codes(ended), scene.puts) == ("refused", ["frozen"], 0)
    assert "AGW_FREEZE" in outcome_text(ended)


async def test_another_certificate_at_the_press_is_refused_with_both_fingerprints(
    scene: Scene,
) -> None:
    change = await scene.approved()
    renewed = leaf("renewed.example")
    await scene.backends.at("10.1.5.11", 443).change(default=renewed.path)
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, scene.puts) == ("refused", 0)
    assert renewed.sha256 in outcome_text(ended)
    assert change.plan.expects[0].sha256 in outcome_text(ended)


def _stop(document: Any) -> None:
    document["properties"]["operationalState"] = "Stopped"


def _delete(document: Any) -> None:
    document["properties"]["provisioningState"] = "Deleting"


def _tag(document: Any) -> None:
    document["tags"] = {"changed": "by somebody"}


@pytest.mark.parametrize(
    ("edit", "says"),
    [(_stop, "not_running"), (_delete, "in_other_state"), (_tag, "changed_since_offer")],
)
async def test_a_gateway_that_is_not_as_it_was_shown_is_not_written(
    scene: Scene, edit: Callable[[Any], None], says: str
) -> None:
    change = await scene.approved()
    scene.azure.edit(scene.gateway, edit)
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, scene.puts) == ("refused", 0)
    assert codes(ended) == [says]


async def test_a_lost_answer_is_looked_up_and_the_put_not_repeated(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.set_fault(Fault(LoseAnswer(), action=WRITE, times=1))
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, scene.puts) == ("healthy", 1), outcome_text(ended)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (forbidden(WRITE), WRITE),
        (linked_forbidden(), "subnets/join/action"),
        (scope_locked(), "a lock forbids it"),
        (
            Fault(Refuse(ArmError(400, "InvalidResourceReference", "no such thing")), WRITE),
            "no such thing",
        ),
    ],
)
async def test_what_azure_refuses_changes_nothing_and_says_so(
    scene: Scene, fault: Fault, says: str
) -> None:
    change = await scene.approved()
    before = scene.azure.gateway(scene.gateway)
    scene.azure.set_fault(fault)
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended)) == ("failed", ["refused"])
    assert says in outcome_text(ended)
    assert scene.puts == 1
    assert scene.azure.gateway(scene.gateway) == before


async def test_without_permission_to_look_at_operations_the_gateways_own_state_is_enough(
    scene: Scene,
) -> None:
    change = await scene.approved()
    scene.azure.set_fault(forbidden(OPERATION_STATUS))
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, scene.puts) == ("healthy", 1), outcome_text(ended)


async def test_an_offer_runs_out(scene: Scene) -> None:
    offered = await scene.offer()
    scene.clock.ahead = timedelta(seconds=1801)
    refused = await scene.workflow.approve(offered.id, ADA)
    assert isinstance(refused, Refused)
    assert "This offer has expired" in refused.reason


async def test_the_sweeper_closes_what_ran_out(scene: Scene) -> None:
    offered = await scene.offer()
    assert await scene.workflow.expire() == ()
    scene.clock.ahead = timedelta(seconds=1801)
    assert [it.id for it in await scene.workflow.expire()] == [offered.id]


async def test_a_second_person_may_be_demanded(scene: Scene) -> None:
    offered = await scene.offer()
    strict = scene.reopen(replace(QUICK, require_second_person=True))
    refused = await strict.approve(offered.id, ADA)
    assert isinstance(refused, Refused)
    assert "second person" in refused.reason
    assert isinstance(await strict.approve(offered.id, BEN), Granted)


async def test_read_only_offers_nothing_and_approves_nothing(scene: Scene) -> None:
    offered = await scene.offer()
    careful = scene.reopen(replace(QUICK, read_only=True))
    refused = await careful.approve(offered.id, ADA)
    assert isinstance(refused, Refused)
    assert "read-only" in refused.reason
    assert await careful.offers(await scene.incident()) == ()


async def test_a_rejected_offer_stays_rejected(scene: Scene) -> None:
    offered = await scene.offer()
    assert isinstance(await scene.workflow.reject(offered.id, BEN), Granted)
    for decision in (
        await scene.workflow.approve(offered.id, ADA),
        await scene.workflow.reject(offered.id, ADA),
    ):
        assert isinstance(decision, Refused)
        assert decision.by == BEN


async def test_an_unknown_button_is_answered(scene: Scene) -> None:
    refused = await scene.workflow.approve("nothing", ADA)
    assert isinstance(refused, Refused)
    assert "no longer stored" in refused.reason


async def test_undo_is_refused_if_somebody_removed_the_reference(scene: Scene) -> None:
    change = await scene.healed()

    def meddle(document: Any) -> None:
        settings = document["properties"]["backendHttpSettingsCollection"][0]["properties"]
        settings["authenticationCertificates"].pop()

    scene.azure.edit(scene.gateway, meddle)
    refused = await scene.workflow.offer_undo(change.id, ADA, Card())
    assert isinstance(refused, Refused)
    assert "no longer refers" in refused.reason
    assert scene.puts == 1


async def test_a_change_is_undone_only_once_and_only_if_it_was_made(scene: Scene) -> None:
    offered = await scene.offer()
    refused = await scene.workflow.offer_undo(offered.id, ADA, Card())
    assert isinstance(refused, Refused)
    change = await scene.healed()
    first = await scene.workflow.offer_undo(change.id, ADA, Card())
    assert not isinstance(first, Refused)
    await scene.workflow.approve(first.id, ADA)
    again = await scene.workflow.offer_undo(change.id, BEN, Card())
    assert isinstance(again, Refused)
