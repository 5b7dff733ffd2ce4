"""The buttons that decide: who may, who was first, what is too late. Other bots' bugs are the list."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.arm.document import Json
from bot.core.changes.limits import Limits, Once
from bot.lab.slack import SlackWorkspace
from bot.workflow import Policy
from handlers.people import OUTSIDER
from tests.core import make
from tests.handlers.bench import (
    ADA,
    APPROVE,
    BEN,
    INCIDENTS,
    QUICK,
    Bench,
    Clock,
    button,
    buttons,
    open_bench,
    shown,
)
from tests.store.make import entries_of

OTHER_OPTION = "approve_fqdn_in_pool"
CLOSED = ["evidence", "details", "certificate", "as_code", "diagnose_again"]


async def test_the_reason_is_kept_and_shown(bench: Bench) -> None:
    card = await bench.report()
    await bench.press(card, APPROVE, reason="  the shop is down & <!here> ")
    healed = await bench.card(lambda it: "undo" in buttons(it))
    assert "\u201cthe shop is down &amp; &lt;!here&gt;\u201d" in shown(healed)
    approved = [it async for it in entries_of(bench.store) if it.action == "approved"]
    assert [it.details["reason"] for it in approved] == ["the shop is down & <!here>"]


async def test_only_the_submission_approves_and_asks_again_who_may(bench: Bench) -> None:
    card = await bench.report()
    await bench.click(card, APPROVE)
    (view,) = await bench.slack.wait_for(lambda: bench.slack.views(ADA))
    bench.slack.faults.fail("usergroups.users.list", "missing_scope")
    await bench.slack.submit_view(ADA, view["id"], {})
    await bench.told(ADA, "so I cannot allow this")
    await bench.idle()
    assert bench.azure.puts == []
    assert APPROVE in buttons(bench.cards()[-1])


def limited(limits: Limits) -> Policy:
    return replace(QUICK, limits=limits)


async def test_in_a_freeze_nothing_is_changed_but_what_was_changed_is_undone(
    tmp_path: Path,
) -> None:
    clock = Clock()
    monday = Once(make.NOW + timedelta(minutes=5), make.NOW + timedelta(days=1))
    policy = limited(Limits(freeze=(monday,)))
    async with open_bench(tmp_path, clock=clock, policy=policy) as bench:
        done = await bench.approve(await bench.report())
        clock.now = monday.begin
        await bench.click(done, "undo")
        await bench.card(lambda it: "undone" in it["text"])


async def test_a_freeze_is_on_the_card_and_refuses_a_press(tmp_path: Path) -> None:
    freeze = Once(make.NOW - timedelta(days=1), make.NOW + timedelta(days=1))
    async with open_bench(tmp_path, policy=limited(Limits(freeze=(freeze,)))) as bench:
        card = await bench.report()
        assert "Changes are frozen until" in shown(card)
        await bench.click(card, APPROVE)
        await bench.told(ADA, "AGW_FREEZE")
        assert bench.azure.puts == []


async def test_a_press_in_the_last_moment_of_a_freeze_approves_nothing(tmp_path: Path) -> None:
    clock = Clock()

    class LastMoment(Once):
        """Ends as soon as somebody was told of it."""

        def until(self, now: datetime) -> datetime | None:
            end = super().until(now)
            clock.now = max(clock.now, self.end) if pressed else clock.now
            return end

    pressed = False
    freeze = LastMoment(make.NOW - timedelta(days=1), make.NOW + timedelta(minutes=5))
    policy = limited(Limits(freeze=(freeze,)))
    async with open_bench(tmp_path, clock=clock, policy=policy) as bench:
        card = await bench.report()
        pressed = True
        await bench.click(card, APPROVE)
        await bench.idle()
        assert bench.azure.puts == []
        await bench.told(ADA, "AGW_FREEZE")
        await bench.approve(bench.cards()[-1])


@pytest.mark.parametrize(
    ("limits", "name"),
    [(Limits(never=("agw-t*",)), "AGW_CHANGE_NEVER"), (Limits(only=("x",)), "AGW_CHANGE_ONLY")],
)
async def test_a_gateway_that_is_never_changed_gets_no_button(
    tmp_path: Path, limits: Limits, name: str
) -> None:
    async with open_bench(tmp_path, policy=limited(limits)) as bench:
        card = await bench.report()
        assert name in shown(card)
        assert "By hand: *As code* has the commands." in shown(card)
        assert not any(it.startswith("approve_") for it in buttons(card))


async def test_a_modal_that_comes_too_late_is_explained(bench: Bench) -> None:
    card = await bench.report()
    bench.slack.faults.fail("views.open", "expired_trigger_id")
    await bench.click(card, APPROVE)
    await bench.told(ADA, "three seconds")
    await bench.approve(card)


async def test_two_presses_are_one_change(bench: Bench) -> None:
    card = await bench.report()
    await asyncio.gather(
        bench.press(card, APPROVE, stale=True), bench.press(card, APPROVE, stale=True)
    )
    await bench.card(lambda it: "healthy again" in it["text"])
    await bench.told(ADA, "already been approved")
    assert "by <@U0ADA>" in shown(bench.slack.ephemerals(ADA, INCIDENTS))
    assert len(bench.azure.puts) == 1


async def test_one_press_that_comes_twice_is_one_change_and_no_complaint(tmp_path: Path) -> None:
    async with open_bench(tmp_path, sockets=2) as bench:
        card = await bench.report()
        bench.slack.faults.deliver_twice()
        await bench.approve(card)
        await bench.idle()
        assert len(bench.azure.puts) == 1
        assert bench.slack.ephemerals(ADA, INCIDENTS) == []


async def test_two_people_at_once_are_one_change(tmp_path: Path) -> None:
    async with open_bench(tmp_path, approvers=(ADA, BEN)) as bench:
        card = await bench.report()
        await asyncio.gather(
            bench.press(card, APPROVE, ADA, stale=True), bench.press(card, APPROVE, BEN, stale=True)
        )
        await bench.card(lambda it: "healthy again" in it["text"])
        told = [*bench.slack.ephemerals(ADA, INCIDENTS), *bench.slack.ephemerals(BEN, INCIDENTS)]
        assert len(told) == 1
        assert "already been approved" in shown(told)
        assert len(bench.azure.puts) == 1


async def test_who_is_no_approver_is_told_who_is(bench: Bench) -> None:
    card = await bench.report()
    await bench.press(card, APPROVE, BEN)
    said = await bench.told(BEN, "You may not do that")
    assert "<!subteam^S0NETOPS>" in shown(said)
    assert buttons(bench.cards()[-1]) == buttons(card)
    assert bench.azure.puts == []
    refused = [it async for it in entries_of(bench.store) if it.action == "refused"]
    assert [(it.user, it.details["wanted"]) for it in refused] == [(BEN, "approve")]


async def test_an_approver_may_be_named_by_user_id(tmp_path: Path) -> None:
    async with open_bench(tmp_path, approvers=(BEN,)) as bench:
        card = await bench.report()
        await bench.press(card, APPROVE, ADA)
        await bench.told(ADA, "Ask an approver: <@U0BEN>")
        await bench.approve(card, BEN)


async def test_without_an_approver_nobody_may(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack) as bench:
            card = await bench.report()
        again = open_bench(
            tmp_path, slack=slack, azure=bench.azure, clock=bench.clock, approvers=()
        )
        async with again as later:
            await later.press(card, APPROVE)
            await later.told(ADA, "Nobody may do that yet")
        assert bench.azure.puts == []


@pytest.mark.parametrize("error", ["missing_scope", "no_such_subteam", "plan_upgrade_required"])
async def test_if_slack_does_not_say_who_is_in_the_group_the_answer_is_no(
    bench: Bench, error: str
) -> None:
    card = await bench.report()
    bench.slack.faults.fail("usergroups.users.list", error)
    await bench.press(card, APPROVE)
    await bench.told(ADA, "so I cannot allow this")
    assert bench.azure.puts == []
    await bench.approve(card)


async def test_memberships_are_asked_for_at_each_press(bench: Bench) -> None:
    healed = await bench.approve(await bench.report())
    await bench.click(healed, "undo")
    await bench.card(lambda it: "undone" in it["text"])
    asked = [it for it in bench.slack.calls if it.method == "usergroups.users.list"]
    # Once at the button, once more at the modal, and once for the undo.
    assert len(asked) == 3


async def test_an_approver_of_another_workspace_is_nobody_here(bench: Bench) -> None:
    card = await bench.report()
    body = _click(card, APPROVE, {"id": ADA, "team_id": "T0OTHER"})
    answer = await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    assert answer.status == 200
    await bench.told(ADA, OUTSIDER)
    assert bench.azure.puts == []


async def test_a_press_that_does_not_say_whose_workspace_is_nobodys(bench: Bench) -> None:
    card = await bench.report()
    body = _click(card, APPROVE, {"id": ADA})
    await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await bench.told(ADA, OUTSIDER)
    assert bench.azure.puts == []


async def test_a_second_person_may_be_needed(tmp_path: Path) -> None:
    policy = Policy(**_quick(), require_second_person=True)
    async with open_bench(tmp_path, policy=policy, approvers=(ADA, BEN)) as bench:
        card = await bench.report(person=ADA)
        await bench.press(card, APPROVE, ADA)
        await bench.told(ADA, "A second person is needed")
        healed = await bench.approve(card, BEN)

        await bench.click(healed, "undo", BEN)
        offered = await bench.card(lambda it: "<@U0BEN> asked to undo this" in shown(it))
        assert buttons(offered) == [
            APPROVE,
            "reject",
            "evidence",
            "details",
            "diagnose_again",
        ]
        await bench.told(BEN, "A second person is needed")
        await bench.press(offered, APPROVE, ADA)
        await bench.card(lambda it: "undone" in it["text"])


async def test_an_offer_that_ran_out_is_refused_and_its_card_put_right(bench: Bench) -> None:
    card = await bench.report()
    bench.clock.turn(minutes=31)
    await bench.press(card, APPROVE)
    await bench.told(ADA, "This offer has expired")
    closed = await bench.card(lambda it: "*Expired* <!date" in shown(it))
    assert buttons(closed) == CLOSED
    assert bench.azure.puts == []


async def test_the_sweep_closes_offers_by_itself(tmp_path: Path) -> None:
    async with open_bench(tmp_path, sweep=0.02) as bench:
        await bench.report()
        bench.clock.turn(minutes=31)
        closed = await bench.card(lambda it: "*Expired* <!date" in shown(it))
        assert APPROVE not in buttons(closed)


async def test_reject_closes_the_card_for_everybody(bench: Bench) -> None:
    card = await bench.report()
    await bench.click(card, "reject")
    closed = await bench.card(lambda it: "*Rejected* by <@U0ADA>" in shown(it))
    assert buttons(closed) == CLOSED
    await bench.press(card, APPROVE, stale=True)
    await bench.told(ADA, "This has already been rejected")
    await bench.click_stale(card, "reject")
    await bench.told(ADA, "nothing left to reject")
    assert bench.azure.puts == []


async def test_who_asked_may_withdraw_and_others_may_not(bench: Bench) -> None:
    card = await bench.report(person=ADA)
    await bench.click(card, "reject", BEN)
    await bench.told(BEN, "You may not do that")
    assert "reject" in buttons(bench.cards()[-1])

    bench.clock.turn(minutes=3)
    await bench.slack.post(BEN, INCIDENTS, "502 from gateway agw-test")
    await bench.slack.wait_for(lambda: len(bench.cards()) == 2)
    second = await bench.card(lambda it: "reject" in buttons(it))
    await bench.click(second, "reject", BEN)
    await bench.card(lambda it: "*Withdrawn* by <@U0BEN>" in shown(it))
    # It was not his to decide for others: the first card is as it was.
    assert "reject" in buttons(bench.cards()[0])
    await bench.press(second, APPROVE, stale=True)
    await bench.told(ADA, "This has been withdrawn")
    log = [(it.action, it.user) async for it in entries_of(bench.store)]
    assert [it for it in log if it[0] in ("rejected", "withdrawn")] == [("withdrawn", BEN)] * 2
    await bench.click_stale(second, "reject", BEN)
    await bench.told(BEN, "nothing left to reject")


async def test_who_asked_and_may_approve_rejects(bench: Bench) -> None:
    await bench.click(await bench.report(person=ADA), "reject")
    await bench.card(lambda it: "*Rejected* by <@U0ADA>" in shown(it))


async def test_who_asked_may_not_withdraw_the_undo_of_somebody_else(tmp_path: Path) -> None:
    policy = Policy(**_quick(), require_second_person=True)
    async with open_bench(tmp_path, policy=policy) as bench:
        healed = await bench.approve(await bench.report(person=BEN))
        await bench.click(healed, "undo", ADA)
        offered = await bench.card(lambda it: "asked to undo this" in shown(it))
        await bench.click(offered, "reject", BEN)
        await bench.told(BEN, "You may not do that")
        assert "reject" in buttons(bench.cards()[-1])


async def test_two_people_who_press_undo_make_one_offer(tmp_path: Path) -> None:
    policy = Policy(**_quick(), require_second_person=True)
    async with open_bench(tmp_path, policy=policy, approvers=(ADA, BEN)) as bench:
        healed = await bench.approve(await bench.report(person=ADA), BEN)
        await asyncio.gather(
            bench.click_stale(healed, "undo", BEN), bench.click_stale(healed, "undo", ADA)
        )
        # The second press is the second person's approval.
        await bench.card(lambda it: "undone" in it["text"])
        await bench.idle()
        undos = [it for it in await bench.store.changes() if it.undoes is not None]
        assert len(undos) == 1
        assert len(bench.azure.puts) == 2


async def test_an_undo_that_waits_for_the_second_person_is_not_offered_again(
    tmp_path: Path,
) -> None:
    policy = Policy(**_quick(), require_second_person=True)
    async with open_bench(tmp_path, policy=policy, approvers=(ADA, BEN)) as bench:
        healed = await bench.approve(await bench.report(person=ADA), BEN)
        for _ in range(2):
            await bench.click_stale(healed, "undo", BEN)
        await bench.told(BEN, "A second person is needed")
        await bench.idle()
        assert len([it for it in await bench.store.changes() if it.undoes is not None]) == 1


async def test_a_repair_closes_what_other_cards_offered(bench: Bench) -> None:
    first = await bench.report()
    bench.clock.turn(minutes=3)
    await bench.slack.post(BEN, INCIDENTS, "502 from gateway agw-test")
    await bench.slack.wait_for(lambda: len(bench.cards()) == 2)
    await bench.approve(await bench.card(lambda it: APPROVE in buttons(it)))
    left = await bench.card(lambda it: "*Closed*" in shown(it), index=0)
    assert left["ts"] == first["ts"]
    assert APPROVE not in buttons(left)
    await bench.press(first, APPROVE, stale=True)
    await bench.told(ADA, "This offer was closed")
    assert len(bench.azure.puts) == 1
    assert all(it.state != "offered" for it in await bench.store.changes())


async def test_what_is_approved_can_be_cancelled_until_it_is_sent(bench: Bench) -> None:
    card = await bench.report()
    bench.azure.reading.clear()
    await bench.press(card, APPROVE)
    working = await bench.card(lambda it: "cancel" in buttons(it))
    await bench.click(working, "cancel", BEN)
    await bench.told(BEN, "You may not do that")
    await bench.click(working, "cancel")
    await bench.card(lambda it: "nothing was changed" in it["text"])
    bench.azure.reading.set()
    await bench.idle()
    assert bench.azure.puts == []
    assert "cancelled" in bench.cards()[-1]["text"]
    log = [it.action async for it in entries_of(bench.store)]
    assert "cancelled" in log


async def test_what_was_sent_can_no_longer_be_cancelled(bench: Bench) -> None:
    card = await bench.report()
    bench.azure.reading.clear()
    await bench.press(card, APPROVE)
    working = await bench.card(lambda it: "cancel" in buttons(it))
    bench.azure.operating.clear()
    bench.azure.reading.set()
    await bench.card(lambda it: "Waiting for Azure" in shown(it))
    assert "cancel" not in buttons(bench.cards()[-1])
    await bench.click_stale(working, "cancel")
    await bench.told(ADA, "too late to cancel")
    bench.azure.operating.set()
    await bench.card(lambda it: "healthy again" in it["text"])


async def test_if_the_gateway_changed_since_nothing_is_written(bench: Bench) -> None:
    card = await bench.report()
    document = next(iter(bench.azure.documents.values()))
    document["etag"] = 'W/"99"'
    await bench.press(card, APPROVE)
    ended = await bench.card(lambda it: "nothing was changed" in it["text"])
    assert "The gateway was changed since" in shown(ended) or "the gateway was changed" in shown(
        ended
    )
    assert buttons(ended) == ["evidence", "details", "diagnose_again"]
    assert bench.azure.puts == []


async def test_an_undo_over_other_peoples_work_is_refused_and_says_what_differs(
    bench: Bench,
) -> None:
    healed = await bench.approve(await bench.report())
    document = next(iter(bench.azure.documents.values()))
    settings = document["properties"]["backendHttpSettingsCollection"][0]["properties"]
    settings["authenticationCertificates"].pop()
    await bench.click(healed, "undo")
    said = await bench.told(ADA, "Not undone, because somebody changed it since")
    assert "no longer refers to" in shown(said)
    assert len(bench.azure.puts) == 1
    assert "undo" in buttons(bench.cards()[-1])


async def test_undo_pressed_twice_is_one_undo(bench: Bench) -> None:
    healed = await bench.approve(await bench.report())
    await asyncio.gather(bench.click_stale(healed, "undo"), bench.click_stale(healed, "undo"))
    await bench.card(lambda it: "undone" in it["text"])
    await bench.idle()
    assert len(bench.azure.puts) == 2


@pytest.mark.parametrize(
    "action", [APPROVE, "undo", "reject", "evidence", "certificate", "as_code", "diagnose_again"]
)
async def test_a_button_of_nothing_that_is_known_gets_an_answer(bench: Bench, action: str) -> None:
    card = await bench.report()
    body = _click(card, action, {"id": ADA, "team_id": "T0LAB"}, value="unknown-id")
    await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await bench.slack.wait_for(lambda: bench.slack.ephemerals(ADA, INCIDENTS))


async def test_a_button_of_another_version_gets_an_answer(bench: Bench) -> None:
    card = await bench.report()
    body = _click(card, "do_magic", {"id": ADA, "team_id": "T0LAB"})
    await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await bench.told(ADA, "I no longer have what this button belongs to")


async def test_the_other_option_of_a_decided_card_is_refused(bench: Bench) -> None:
    card = await bench.report()
    await bench.approve(card)
    await bench.press(card, OTHER_OPTION, stale=True)
    await bench.told(ADA, "Another option of this card has already been approved")
    await bench.idle()
    assert len(bench.azure.puts) == 1


async def test_two_options_of_one_card_at_once_are_one_change(bench: Bench) -> None:
    card = await bench.report()
    await asyncio.gather(
        bench.press(card, APPROVE, stale=True), bench.press(card, OTHER_OPTION, stale=True)
    )
    await bench.slack.wait_for(lambda: bench.slack.ephemerals(ADA, INCIDENTS))
    await bench.card(lambda it: "undo" in buttons(it))
    assert len(bench.azure.puts) == 1


async def test_a_card_of_before_a_restart_still_works(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack) as bench:
            card = await bench.report()
        again = open_bench(tmp_path, slack=slack, azure=bench.azure, clock=bench.clock)
        async with again as later:
            await later.approve(card)
            await later.press(card, APPROVE, stale=True)
            await later.told(ADA, "already been approved")


def _click(card: Json, action_id: str, user: Json, value: str | None = None) -> Json:
    """A press as Slack would send it, by somebody who is not in the lab."""
    known = [it for it in buttons(card) if it == action_id]
    chosen = value or (button(card, action_id)["value"] if known else "x")
    return {
        "type": "block_actions",
        "user": user,
        "team": {"id": "T0LAB"},
        "channel": {"id": INCIDENTS},
        "container": {"type": "message", "message_ts": card["ts"], "channel_id": INCIDENTS},
        "message": card,
        "trigger_id": f"{action_id}.{value}",
        "actions": [
            {"type": "button", "action_id": action_id, "block_id": "decide", "value": chosen}
        ],
    }


def _quick() -> Json:
    return {
        "health_poll": QUICK.health_poll,
        "health_rounds": QUICK.health_rounds,
        "health_least": QUICK.health_least,
        "operation_least": QUICK.operation_least,
    }
