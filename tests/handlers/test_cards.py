"""Cards under bad weather: rate limits, refused blocks, lost answers, deleted cards, restarts."""

import asyncio
from pathlib import Path

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.changes.change import Person
from bot.core.problem import Problem
from bot.lab.slack import SlackWorkspace
from bot.workflow import Granted
from handlers.shell import RESTARTING
from tests.handlers.bench import (
    ADA,
    APPROVE,
    BEN,
    INCIDENTS,
    Bench,
    button,
    buttons,
    open_bench,
    shown,
)


async def test_a_rate_limit_delays_the_card_but_loses_nothing(bench: Bench) -> None:
    card = await bench.report()
    bench.slack.faults.rate_limit("chat.update", retry_after=0, times=2)
    healed = await bench.approve(card)
    assert "healthy again" in healed["text"]


async def test_a_server_error_on_an_edit_is_tried_again(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    bench.slack.faults.fail_with_status("chat.update", 503, times=1)
    await bench.click(card, "reject")
    await bench.card(lambda it: "*Rejected*" in shown(it))


async def test_a_delayed_edit_never_overtakes_the_end(tmp_path: Path) -> None:
    async with open_bench(tmp_path, pace=0.0) as bench:
        card = await bench.report()
        bench.azure.operating.clear()
        await bench.press(card, APPROVE)
        await bench.card(lambda it: "Waiting for Azure" in shown(it))
        # The next step's edit is under way for longer than all the steps after it.
        gate = bench.slack.faults.hold("chat.update")
        bench.azure.operating.set()
        await bench.card(lambda it: "healthy again" in it["text"])
        edits = len(bench.slack.calls)
        gate.set()
        await bench.slack.wait_for(
            lambda: any("Working on it" in str(it.arguments) for it in bench.slack.calls[edits:])
        )
        await bench.idle()
        assert "healthy again" in bench.cards()[-1]["text"]


async def test_an_edit_for_another_reason_leaves_the_progress_on_the_card(bench: Bench) -> None:
    card = await bench.report()
    bench.azure.operating.clear()
    await bench.press(card, APPROVE)
    await bench.card(lambda it: "Waiting for Azure" in shown(it))
    edits = len([it for it in bench.slack.calls if it.method == "chat.update"])
    await bench.press(card, APPROVE, stale=True)
    await bench.told(ADA, "already been approved")
    await bench.slack.wait_for(
        lambda: len([it for it in bench.slack.calls if it.method == "chat.update"]) > edits
    )
    assert ":white_check_mark: Azure accepted the change" in shown(bench.cards()[-1])
    bench.azure.operating.set()
    await bench.card(lambda it: "healthy again" in it["text"])


async def test_progress_is_shown_in_few_edits(tmp_path: Path) -> None:
    async with open_bench(tmp_path, pace=30.0) as bench:
        card = await bench.report()
        await bench.idle()
        before = len(bench.slack.calls)
        await bench.approve(card)
        edits = [it for it in bench.slack.calls[before:] if it.method == "chat.update"]
        # At once on approval, at the first step, and the end.
        assert len(edits) <= 3


async def test_refused_blocks_become_text(tmp_path: Path) -> None:
    async with open_bench(tmp_path, pace=30.0) as bench:
        bench.azure.reading.clear()
        await bench.slack.post(ADA, INCIDENTS, "502 from gateway agw-test")
        await bench.card(lambda it: "Reading the gateway" in shown(it))
        bench.slack.faults.fail("chat.update", "invalid_blocks")
        bench.azure.reading.set()

        card = await bench.card(lambda it: "May press:" in it["text"])
        assert card["blocks"] == []
        assert card["text"].startswith(
            "agw-test: 10.1.5.11 does not serve the allow-listed certificate"
        )


async def test_an_answer_with_refused_blocks_becomes_text(bench: Bench) -> None:
    bench.slack.faults.fail("chat.postEphemeral", "invalid_blocks")
    await bench.slack.post(BEN, INCIDENTS, "<@U0AGW> help")
    said = await bench.told(BEN, "/agw diagnose agw-prod")
    assert said.get("blocks", []) == []


async def test_an_answer_outlives_its_response_url(bench: Bench) -> None:
    bench.azure.reading.clear()
    bench.azure.trouble = [RuntimeError("secret detail")]
    await bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test")
    await bench.card(lambda it: "Reading the gateway" in shown(it))
    bench.slack.expire_response_urls()
    bench.azure.reading.set()
    await bench.told(BEN, "reference")


async def test_if_the_answer_to_a_post_is_lost_it_is_not_posted_twice(bench: Bench) -> None:
    bench.slack.faults.drop_answer("chat.postMessage")
    await bench.slack.post(ADA, INCIDENTS, "502 from gateway agw-test")
    await bench.card(lambda it: "evidence" in buttons(it))
    await bench.idle()
    assert len(bench.cards()) == 1


async def test_a_deleted_card_stops_no_change(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    bench.azure.operating.clear()
    await bench.press(card, APPROVE)
    await bench.card(lambda it: "Waiting for Azure" in shown(it))
    await bench.app.client.chat_delete(channel=INCIDENTS, ts=card["ts"])
    bench.azure.operating.set()

    # There is no thread to answer in any more, so the outcome is said beside it.
    beside = await bench.card(lambda it: "healthy again" in it["text"])
    assert beside["ts"] != card["ts"]
    assert len(bench.azure.puts) == 1


async def test_a_click_on_a_deleted_card_still_counts(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    await bench.app.client.chat_delete(channel=INCIDENTS, ts=card["ts"])
    await bench.press(card, APPROVE, stale=True)
    await bench.card(lambda it: "healthy again" in it["text"])


async def test_a_change_that_was_interrupted_is_gone_on_with(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack, grace=0.0) as bench:
            card = await bench.report()
            bench.azure.operating.clear()
            await bench.press(card, APPROVE)
            await bench.card(lambda it: "Waiting for Azure" in shown(it))
        bench.azure.operating.set()
        again = open_bench(tmp_path, slack=slack, azure=bench.azure, clock=bench.clock)
        async with again as later:
            healed = await later.card(lambda it: "healthy again" in it["text"])
            assert healed["ts"] == card["ts"]
            assert "undo" in buttons(healed)
            assert len(bench.azure.puts) == 1


async def test_an_approval_that_was_not_begun_is_gone_on_with(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack) as bench:
            card = await bench.report()
            offered = button(card, APPROVE)["value"]
            granted = await bench.shell.workflow.approve(offered, Person("T0LAB", ADA))
            assert isinstance(granted, Granted)
        again = open_bench(tmp_path, slack=slack, azure=bench.azure, clock=bench.clock)
        async with again as later:
            await later.card(lambda it: "healthy again" in it["text"])


async def test_a_diagnosis_that_was_interrupted_says_so(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack) as bench:
            bench.azure.reading.clear()
            await bench.slack.post(ADA, INCIDENTS, "502 from gateway agw-test")
            await bench.card(lambda it: "Reading the gateway" in shown(it))
        card = bench.cards()[-1]
        assert "I was restarted" in shown(card)
        assert buttons(card) == ["diagnose_again"]


async def test_while_it_is_stopped_a_click_is_answered(bench: Bench) -> None:
    card = await bench.report()
    await bench.shell.jobs.stop(0.0)
    await bench.card(lambda it: APPROVE in buttons(it))
    await bench.press(card, APPROVE)
    await bench.told(ADA, RESTARTING)
    assert bench.azure.puts == []


async def test_a_change_outlasts_a_spell_without_azure(bench: Bench) -> None:
    card = await bench.report()
    bench.azure.trouble = [Problem("unreachable", "Azure does not answer.", "Wait.")] * 2
    healed = await bench.approve(card)
    assert "healthy again" in healed["text"]
    assert len(bench.azure.puts) == 1


async def test_if_azure_is_away_for_a_while_the_change_waits_for_it(bench: Bench) -> None:
    card = await bench.report()
    bench.azure.trouble = [Problem("unreachable", "Azure does not answer.")] * 5
    await bench.press(card, APPROVE)
    await bench.card(lambda it: "healthy again" in it["text"])
    assert len(bench.azure.puts) == 1


async def test_what_nobody_foresaw_in_a_change_is_told_on_card_and_thread(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    card = await bench.report()
    await bench.idle()
    bench.azure.trouble = [RuntimeError("secret detail")]
    await bench.press(card, APPROVE)
    await bench.slack.wait_for(
        lambda: (said := bench.thread(card)) and "reference" in shown(said[-1])
    )
    assert "The change is stored" in shown(bench.thread(card)[-1])
    stuck = await bench.card(lambda it: "The change is stored" in shown(it))
    assert "*Working on it.*" in shown(stuck)
    assert buttons(stuck) == ["cancel"]
    assert "secret detail" not in shown(bench.slack.messages(INCIDENTS))
    assert any(it.exc_info for it in caplog.records)


async def test_a_change_that_failed_is_gone_on_with_after_a_pause_and_told_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.carrying_out.PAUSE", 8.0)
    card = await bench.report()
    await bench.idle()
    bench.azure.trouble = [RuntimeError("again and again")] * 3
    began = asyncio.get_running_loop().time()
    await bench.press(card, APPROVE)
    await bench.slack.wait_for(lambda: "undo" in buttons(bench.cards()[-1]), timeout=600)
    assert asyncio.get_running_loop().time() - began >= 3 * 8
    await bench.idle()
    assert len([it for it in bench.thread(card) if "The change is stored" in shown(it)]) == 1
    assert len(bench.azure.puts) == 1


async def test_an_error_in_a_listener_is_told_with_a_reference(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    # A command without its text is none that Slack would send.
    body = {
        "command": "/agw",
        "text": 7,
        "team_id": "T0LAB",
        "user_id": BEN,
        "channel_id": INCIDENTS,
        "trigger_id": "1",
    }
    await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await bench.told(BEN, "reference")
    assert any(it.exc_info for it in caplog.records)
