"""Who may not approve has the approvers asked, in their own channel, and is answered."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.arm.document import Json
from bot.core.changes.change import Change, Person
from bot.lab.approving import approve
from tests.handlers.bench import (
    ADA,
    APPROVE,
    BEN,
    GENERAL,
    INCIDENTS,
    QUICK,
    Bench,
    buttons,
    open_bench,
    shown,
)
from tests.store.make import entries_of


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, approval_channel=GENERAL) as bench:
        yield bench


async def request(bench: Bench, fragment: str = "asks for") -> Json:
    """The message in the approvers' channel, as soon as it has that in it."""

    def found() -> Json | None:
        said = bench.slack.messages(GENERAL)
        return next((it for it in said if fragment in shown(it)), None)

    made: Json | None = await bench.slack.wait_for(found)
    assert made is not None
    return made


async def answer(bench: Bench, card: Json, fragment: str) -> Json:
    def found() -> Json | None:
        return next((it for it in bench.thread(card) if fragment in shown(it)), None)

    said: Json | None = await bench.slack.wait_for(found)
    assert said is not None
    return said


async def test_the_approvers_are_asked_and_the_answer_comes_back(asking: Bench) -> None:
    card = await asking.report(person=BEN)
    await asking.click(card, APPROVE, BEN)
    await asking.told(BEN, f"I ask the approvers in <#{GENERAL}>")
    made = await request(asking)
    assert "<@U0BEN> asks for *" in shown(made)
    assert "`test.appgwtestase.com`" in shown(made)
    assert card["ts"].replace(".", "") in shown(made)
    assert buttons(made) == [APPROVE]
    assert asking.slack.views(BEN) == []

    await approve(asking.slack, ADA, GENERAL, made["ts"], APPROVE, reason=None)
    said = shown(await answer(asking, card, "was approved"))
    assert said.startswith("<@U0BEN>")
    assert "by <@U0ADA>" in said
    ended = await request(asking, "done, healthy")
    assert ended["ts"] == made["ts"]
    assert buttons(ended) == []
    assert len(asking.azure.puts) == 1


async def test_there_too_only_an_approver_may_press(asking: Bench) -> None:
    card = await asking.report(person=BEN)
    await asking.click(card, APPROVE, BEN)
    made = await request(asking)
    await asking.slack.click(BEN, GENERAL, made["ts"], APPROVE)
    await asking.told(BEN, "have been asked", GENERAL)
    await asking.idle()
    assert asking.slack.views(BEN) == []
    assert len([it for it in asking.slack.messages(GENERAL) if "asks for" in shown(it)]) == 1
    log = [it async for it in entries_of(asking.store)]
    assert [it.user for it in log if it.action == "approval_sought"] == [BEN]


async def test_a_rejection_is_answered_and_takes_the_button_away(asking: Bench) -> None:
    card = await asking.report(person=BEN)
    await asking.click(card, APPROVE, BEN)
    await request(asking)
    await asking.click(card, "reject", ADA)
    said = shown(await answer(asking, card, "was rejected"))
    assert "by <@U0ADA>" in said
    assert buttons(await request(asking, "*rejected*")) == []


async def test_nobody_decided_in_time(asking: Bench) -> None:
    card = await asking.report(person=BEN)
    await asking.click(card, APPROVE, BEN)
    made = await request(asking)
    asking.clock.turn(hours=1)
    await asking.slack.click(ADA, GENERAL, made["ts"], APPROVE)
    await answer(asking, card, "was not decided in time")
    assert buttons(await request(asking, "*expired*")) == []


async def test_an_approver_is_not_sent_elsewhere(asking: Bench) -> None:
    await asking.approve(await asking.report())
    await asking.idle()
    assert asking.slack.messages(GENERAL) == []


async def test_without_such_a_channel_it_is_refused_as_ever(bench: Bench) -> None:
    card = await bench.report(person=BEN)
    await bench.click(card, APPROVE, BEN)
    await bench.told(BEN, "You may not do that. Ask an approver")
    await bench.idle()
    assert bench.slack.messages(GENERAL) == []


async def test_while_slack_is_away_the_request_waits(asking: Bench) -> None:
    card = await asking.report(person=BEN)
    await asking.idle()
    asking.slack.faults.fail("chat.postMessage", "service_unavailable", times=2)
    await asking.click(card, APPROVE, BEN)
    assert buttons(await request(asking)) == [APPROVE]


async def test_where_the_channel_is_out_of_reach_the_asker_learns_it(asking: Bench) -> None:
    card = await asking.report(person=BEN)
    await asking.idle()
    asking.slack.faults.fail("chat.postMessage", "not_in_channel")
    await asking.click(card, APPROVE, BEN)
    await answer(asking, card, "I could not ask the approvers")
    assert card["channel"] == INCIDENTS


async def test_an_approver_who_asked_for_it_has_the_others_asked(tmp_path: Path) -> None:
    policy = replace(QUICK, require_second_person=True)
    approvers = ("U0ADA", "U0BEN")
    async with open_bench(
        tmp_path, policy=policy, approvers=approvers, approval_channel=GENERAL
    ) as bench:
        card = await bench.report()
        await bench.click(card, APPROVE, ADA)
        await bench.told(ADA, f"I ask the approvers in <#{GENERAL}>")
        made = await request(bench)
        assert "<@U0ADA> asks for *" in shown(made)
        assert bench.slack.views(ADA) == []
        await approve(bench.slack, BEN, GENERAL, made["ts"], APPROVE, reason=None)
        await answer(bench, card, "was approved")


async def test_without_a_channel_they_are_told_that_a_second_person_is_needed(
    tmp_path: Path,
) -> None:
    policy = replace(QUICK, require_second_person=True)
    async with open_bench(tmp_path, policy=policy) as bench:
        card = await bench.report()
        await bench.click(card, APPROVE, ADA)
        await bench.told(ADA, "A second person is needed")


async def test_two_presses_at_once_make_one_request(
    asking: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read that nobody has asked yet; the second one goes on only when the request stands."""
    card = await asking.report(person=BEN)
    await asking.idle()
    amend, stands = asking.store.amend, asyncio.Event()
    presses = itertools.count()

    async def in_turn(change_id: str, fields: Any, **told: Any) -> Change | None:
        if told and next(presses) > 0:
            await stands.wait()
        amended = await amend(change_id, fields, **told)
        if not told:
            stands.set()
        return amended

    monkeypatch.setattr(asking.store, "amend", in_turn)
    await asyncio.gather(*(asking.click(card, APPROVE, BEN) for _ in range(2)))
    await asking.told(BEN, "have been asked")
    await asking.idle()
    await asking.click(card, "reject")
    await answer(asking, card, "was rejected")
    await asking.idle()
    (made,) = asking.slack.messages(GENERAL)
    assert buttons(made) == []
    log = [it async for it in entries_of(asking.store)]
    assert [it.user for it in log if it.action == "approval_sought"] == [BEN]


async def test_who_asks_while_it_is_being_decided_is_answered(
    asking: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await asking.report(person=BEN)
    await asking.idle()
    advance, asked, deciding = asking.store.advance, asyncio.Event(), asyncio.Event()

    async def late(*states: Any, **more: Any) -> Change | None:
        deciding.set()
        await asked.wait()
        return await advance(*states, **more)

    monkeypatch.setattr(asking.store, "advance", late)
    await asking.click(card, "reject")
    await deciding.wait()
    await asking.click(card, APPROVE, BEN)
    await request(asking)
    asked.set()
    await answer(asking, card, "was rejected")
    await asking.idle()
    (made,) = asking.slack.messages(GENERAL)
    assert buttons(made) == []


async def test_who_asks_for_what_was_decided_meanwhile_asks_nobody(
    asking: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await asking.report(person=BEN)
    await asking.idle()
    amend = asking.store.amend

    async def late(change_id: str, fields: Any, **told: Any) -> Change | None:
        await asking.shell.workflow.reject(change_id, Person("T0LAB", ADA))
        return await amend(change_id, fields, **told)

    monkeypatch.setattr(asking.store, "amend", late)
    await asking.click(card, APPROVE, BEN)
    await asking.idle()
    assert asking.slack.messages(GENERAL) == []
    assert not [it async for it in entries_of(asking.store) if it.action == "approval_sought"]
