"""What Azure does wrong on the way, and what is said of the change in the end: no more than was seen."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.arm import edit
from bot.core.changes.change import Card, Change
from bot.core.changes.remark_text import outcome_text
from bot.core.model.marked import plain
from bot.lab.azure import (
    AzureEvent,
    CarryOutLater,
    Down,
    FailLater,
    Fault,
    IgnoreIfMatch,
    Last,
    ShowOld,
    TakeBack,
    forbidden,
    throttled,
)
from bot.lab.azure.faults import OPERATION_STATUS, READ, WRITE, Effect
from bot.workflow import Granted, Refused, Step
from tests.workflow.conftest import ADA, BEN, QUICK, Scene, codes

VAULT = "https://kv-agw.vault.azure.net/secrets/listener"
KEY_VAULT = FailLater(
    "ApplicationGatewayKeyVaultSecretException",
    f"Problem occured while accessing and validating KeyVault Secrets. {'Details. ' * 60}{VAULT}",
)


SHORT = replace(
    QUICK,
    approval_holds=timedelta(seconds=4),
    watched_for=timedelta(seconds=4),
    operation_most=0.5,
)


def held(scene: Scene, change: Change) -> bool:
    """Whether the lab's gateway has the change."""
    return edit.holds(change.plan.edits, scene.azure.gateway(scene.gateway))


def write(effect: Effect) -> Fault:
    """The next PUT meets it."""
    return Fault(effect, action=WRITE, times=1)


def at_read(scene: Scene, count: int, then: Callable[[], object]) -> None:
    """Do something when the gateway has been read so many times from now."""
    left = count

    def look(event: AzureEvent) -> None:
        nonlocal left
        request = event.request
        if request is not None and request.method == "GET" and request.action == READ:
            left -= 1
            if left == 0:
                then()

    scene.azure.subscribe(look)


def tag(document: Any) -> None:
    document["tags"] = {"owner": "somebody else"}


# Point 1: somebody else's change.


async def test_a_foreign_change_after_the_check_is_seen_and_not_overwritten(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.set_fault(Fault(IgnoreIfMatch(), action=WRITE))
    at_read(scene, 1, lambda: scene.azure.edit(scene.gateway, tag))
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended), scene.puts) == ("refused", ["changed_while_checked"], 0)
    assert "tags" in ended.remarks[0].parts["where"]
    assert scene.azure.gateway(scene.gateway)["tags"] == {"owner": "somebody else"}


async def test_the_same_content_under_another_etag_is_not_what_was_checked(scene: Scene) -> None:
    change = await scene.approved()
    at_read(scene, 1, lambda: scene.azure.edit(scene.gateway, lambda _: None))
    ended = await scene.workflow.carry_out(change.id)
    assert (codes(ended), scene.puts) == (["changed_while_checked"], 0)


# Point 2: not known yet.


@pytest.mark.parametrize(
    "effect", [ShowOld(6), CarryOutLater(4), CarryOutLater(4, cut=True)], ids=repr
)
async def test_a_change_that_shows_late_is_waited_for_and_can_be_undone(
    scene: Scene, effect: Effect
) -> None:
    change = await scene.approved()
    scene.azure.set_fault(write(effect))
    steps: list[Step] = []
    ended = await scene.workflow.carry_out(change.id, steps.append)
    assert (ended.state, codes(ended)[0], scene.puts) == ("healthy", "verified", 1), outcome_text(
        ended
    )
    assert held(scene, change)
    assert any("Not known yet" in step.text for step in steps)
    assert not isinstance(await scene.workflow.offer_undo(change.id, ADA, Card()), Refused)


async def test_what_never_shows_is_not_carried_out_as_far_as_azure_shows(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.set_fault(write(Down()))
    began = scene.clock()
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended), scene.puts) == ("failed", ["not_carried_out"], 1)
    assert scene.clock() - began >= scene.workflow.policy.settle
    assert "Nothing was changed" not in outcome_text(ended)


# Point 4: Azure says that the operation failed.


async def test_a_failed_operation_is_told_although_the_edits_hold(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.set_fault(write(KEY_VAULT))
    ended = await scene.workflow.carry_out(change.id)
    assert held(scene, change)
    assert (ended.state, codes(ended)[0]) == ("not_healthy", "operation_failed")
    said = outcome_text(ended)
    for part in ("ApplicationGatewayKeyVaultSecretException", VAULT, "Fix its access to the vault"):
        assert part in said
    assert "verified" not in codes(ended)


async def test_a_failed_state_is_told_where_nobody_says_why(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.set_fault(write(KEY_VAULT))
    scene.azure.set_fault(forbidden(OPERATION_STATUS))
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended)[0]) == ("not_healthy", "state_failed")


async def test_an_undo_that_azure_calls_failed_is_not_told_as_done(scene: Scene) -> None:
    change = await scene.healed()
    undo = await scene.workflow.offer_undo(change.id, ADA, Card())
    assert not isinstance(undo, Refused)
    assert isinstance(await scene.workflow.approve(undo.id, ADA), Granted)
    scene.azure.set_fault(write(KEY_VAULT))
    ended = await scene.workflow.carry_out(undo.id)
    assert (ended.state, codes(ended)[0]) == ("not_healthy", "operation_failed")
    assert "Fix its access to the vault" in outcome_text(ended)
    assert "is as it was before" not in outcome_text(ended)


async def test_a_gateway_that_turns_failed_before_the_last_look_is_not_called_healthy(
    scene: Scene,
) -> None:
    """Somebody else's change, that keeps ours."""
    change = await scene.approved()

    def watch(step: Step) -> None:
        if step.key == "diagnose" and step.state == "running":
            scene.azure.edit(scene.gateway, _state("Failed"))

    ended = await scene.workflow.carry_out(change.id, watch)
    assert (ended.state, codes(ended)[0]) == ("not_healthy", "state_failed")
    assert "verified" not in codes(ended)


async def test_an_operation_that_fails_without_a_code_is_told_in_its_own_words(
    scene: Scene,
) -> None:
    change = await scene.approved()
    scene.azure.set_fault(write(FailLater("", "The instances did not come up.")))
    ended = await scene.workflow.carry_out(change.id)
    assert outcome_text(ended).startswith(
        "The gateway has the change, but Azure says that rolling it out failed:"
        " The instances did not come up."
    )
    assert "(" not in ended.remarks[0].parts["said"]


# Point 5: proven means proven.


@pytest.mark.parametrize("reads", [0, 1])
async def test_edits_that_are_taken_back_are_not_called_healthy(scene: Scene, reads: int) -> None:
    change = await scene.approved()
    scene.azure.set_fault(write(TakeBack(reads)))
    ended = await scene.workflow.carry_out(change.id)
    assert not held(scene, change)
    assert (ended.state, codes(ended)) == ("failed", ["taken_back"])
    refused = await scene.workflow.offer_undo(change.id, ADA, Card())
    assert isinstance(refused, Refused)


# Point 6: Failed and Updating.


def _state(state: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        document["properties"]["provisioningState"] = state

    return change


async def test_a_failed_gateway_is_offered_its_cure_as_that(scene: Scene) -> None:
    scene.azure.edit(scene.gateway, _state("Failed"))
    change = await scene.healed()
    assert [it.code for it in change.plan.notes] == ["cures_failed"]
    assert "Microsoft's cure" in change.shown
    properties = scene.azure.gateway(scene.gateway)["properties"]
    assert properties["provisioningState"] == "Succeeded"


async def test_a_gateway_that_is_updated_is_waited_for(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.edit(scene.gateway, _state("Updating"))
    at_read(scene, 3, lambda: scene.azure.edit(scene.gateway, _state("Succeeded")))
    steps: list[Step] = []
    ended = await scene.workflow.carry_out(change.id, steps.append)
    assert (ended.state, scene.puts) == ("healthy", 1), outcome_text(ended)
    assert any("Another operation is updating the gateway" in it.text for it in steps)


async def test_what_the_other_operation_changed_ends_the_wait(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.edit(scene.gateway, _state("Updating"))

    def ended_otherwise(document: Any) -> None:
        tag(document)
        _state("Succeeded")(document)

    at_read(scene, 3, lambda: scene.azure.edit(scene.gateway, ended_otherwise))
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended), scene.puts) == ("refused", ["changed_since_offer"], 0)


# Point 7: an approval has an end.


async def test_an_approval_ends_when_azure_stays_away(scene: Scene) -> None:
    other, change = await scene.offer(), await scene.approved()
    scene.azure.set_fault(Fault(Down(), action=READ))
    ended = await scene.reopen(SHORT).carry_out(change.id)
    assert (ended.state, codes(ended), scene.puts) == ("refused", ["approval_over_unreachable"], 0)
    assert isinstance(await scene.workflow.approve(other.id, BEN), Granted)


async def test_an_approval_ends_when_the_other_operation_does_not(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.edit(scene.gateway, _state("Updating"))
    ended = await scene.reopen(SHORT).carry_out(change.id)
    assert (codes(ended), scene.puts) == (["approval_over_updating"], 0)


async def test_an_approval_that_nobody_carries_out_is_closed_and_never_sent(scene: Scene) -> None:
    change, late = await scene.approved(), timedelta(minutes=31)
    scene.clock.ahead = late
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended), scene.puts) == ("refused", ["approval_over"], 0)
    scene.clock.ahead = timedelta()
    left = await scene.approved()
    assert await scene.workflow.expire() == ()
    scene.clock.ahead = timedelta(minutes=33)
    closed = {it.id: it for it in await scene.workflow.expire()}
    assert codes(closed[left.id]) == ["approval_over"]


async def test_what_is_approved_can_be_cancelled_until_the_put(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.set_fault(Fault(Down(), action=READ))

    async def cancel() -> None:
        decision = await scene.workflow.cancel(change.id, BEN)
        assert isinstance(decision, Granted)

    work: list[asyncio.Task[None]] = []

    def watch(step: Step) -> None:
        if "Asking again" in step.text and not work:
            work.append(asyncio.create_task(cancel()))

    ended = await scene.workflow.carry_out(change.id, watch)
    await work[0]
    assert (ended.state, codes(ended), ended.closed_by) == ("refused", ["cancelled"], BEN)
    again = await scene.workflow.cancel(change.id, ADA)
    assert isinstance(again, Refused)
    assert (again.by, scene.puts) == (BEN, 0)


async def test_what_was_sent_cannot_be_cancelled(scene: Scene) -> None:
    change = await scene.approved()
    said: list[asyncio.Task[Any]] = []

    def watch(step: Step) -> None:
        if step.key == "azure" and not said:
            said.append(asyncio.create_task(scene.workflow.cancel(change.id, BEN)))

    ended = await scene.workflow.carry_out(change.id, watch)
    assert ended.state == "healthy", outcome_text(ended)
    refused = await said[0]
    assert isinstance(refused, Refused)
    assert "too late to cancel" in refused.reason


# Point 8: an operation that outlasts its limit.


async def test_an_operation_that_lasts_is_watched_until_it_ends(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.set_fault(write(Last(looks=6)))
    steps: list[Step] = []
    ended = await scene.reopen(SHORT).carry_out(change.id, steps.append)
    assert (ended.state, scene.puts) == ("healthy", 1), outcome_text(ended)
    assert any("still working" in step.text for step in steps)


# Point 10: Retry-After, and what an undo leaves.


async def test_a_throttled_put_does_not_spend_the_approval(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.set_fault(throttled(WRITE, retry_after=5))
    began = scene.clock()
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended)[0]) == ("healthy", "verified")
    assert scene.clock() - began >= timedelta(seconds=5)
    answered = [it.status for it in scene.azure.requests if it.method == "PUT"]
    assert answered == [429, 200]


async def test_an_undo_says_what_of_others_stays(scene: Scene) -> None:
    change = await scene.healed()
    scene.azure.edit(scene.gateway, tag)
    undo = await scene.workflow.offer_undo(change.id, ADA, Card())
    assert not isinstance(undo, Refused)
    assert [it.code for it in undo.plan.notes] == ["stays"]
    assert isinstance(await scene.workflow.approve(undo.id, ADA), Granted)
    ended = await scene.workflow.carry_out(undo.id)
    assert codes(ended) == ["undone_in_part"]
    assert "tags" in ended.remarks[0].parts["where"]


async def test_an_undo_that_would_be_refused_is_not_offered(scene: Scene) -> None:
    change = await scene.healed()

    def stop(document: Any) -> None:
        document["properties"]["operationalState"] = "Stopped"

    scene.azure.edit(scene.gateway, stop)
    refused = await scene.workflow.offer_undo(change.id, ADA, Card())
    assert isinstance(refused, Refused)
    assert "Stopped" in refused.reason


async def test_an_undo_that_has_to_wait_says_so(scene: Scene) -> None:
    change = await scene.healed()
    scene.azure.edit(scene.gateway, _state("Updating"))
    undo = await scene.workflow.offer_undo(change.id, ADA, Card())
    assert not isinstance(undo, Refused)
    assert [it.code for it in undo.plan.notes] == ["waits_for_update"]
    assert "Another operation is at work on the gateway." in undo.shown


async def test_an_undo_that_azure_would_refuse_on_paper_is_not_offered(scene: Scene) -> None:
    change = await scene.healed()

    def old(document: Any) -> None:
        document["properties"]["sslPolicy"] = {
            "policyType": "Predefined",
            "policyName": "AppGwSslPolicy20150501",
        }

    scene.azure.edit(scene.gateway, old)
    refused = await scene.workflow.offer_undo(change.id, ADA, Card())
    assert isinstance(refused, Refused)
    assert "its TLS policy (AppGwSslPolicy20150501) was retired" in plain(refused.reason)


# Point 11: another life only looks.


async def test_another_life_sends_nothing_that_was_meant_to_be_sent(scene: Scene) -> None:
    change = await scene.approved()
    document = scene.azure.gateway(scene.gateway)
    await scene.workflow.store.advance(
        change.id, "approved", "writing", before=document, life="elsewhere", sent=scene.clock()
    )
    ended = await scene.workflow.carry_out(change.id)
    assert (ended.state, codes(ended), scene.puts) == ("failed", ["not_carried_out"], 0)


async def test_a_gateway_that_never_tells_is_given_up_and_keeps_its_undo(scene: Scene) -> None:
    change = await scene.approved()
    scene.azure.set_fault(Fault(Down(), action=OPERATION_STATUS))
    ended = await scene.reopen(SHORT).carry_out(change.id)
    assert (ended.state, codes(ended)) == ("not_healthy", ["not_known"])
    scene.azure.clear_faults()
    assert not isinstance(await scene.workflow.offer_undo(change.id, ADA, Card()), Refused)
