"""A report that arrives long after it was written may be over: it gets a question, not a diagnosis."""

from datetime import timedelta
from pathlib import Path

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.arm.document import Json
from tests.core import make
from tests.handlers.bench import ADA, INCIDENTS, Bench, buttons, open_bench, shown


def event(minutes: float, **more: object) -> Json:
    at = (make.NOW - timedelta(minutes=minutes)).timestamp()
    said = {"type": "message", "channel": INCIDENTS, "ts": f"{at:.6f}", "team": "T0LAB"}
    return {"type": "event_callback", "team_id": "T0LAB", "event": said | more}


async def deliver(bench: Bench, body: Json) -> None:
    await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))


REPORT = {"user": ADA, "text": "502 from gateway agw-test"}
MENTION = {"type": "app_mention", "user": ADA, "text": "<@U0AGW> diagnose agw-test"}


@pytest.mark.parametrize("said", [REPORT, MENTION])
async def test_a_late_report_is_asked_about_and_diagnosed_on_a_yes(
    bench: Bench, said: Json
) -> None:
    await deliver(bench, event(16, **said))
    question = await bench.told(ADA, "Is it still so?")
    await bench.idle()
    assert bench.cards() == []
    assert buttons(question) == ["diagnose_now"]
    await bench.slack.click(ADA, INCIDENTS, question["ts"], "diagnose_now")
    await bench.card(lambda it: "evidence" in buttons(it))
    assert "Is it still so?" not in shown(bench.slack.ephemerals(ADA, INCIDENTS))


@pytest.mark.parametrize("said", [REPORT, MENTION])
async def test_what_comes_within_a_quarter_of_an_hour_is_diagnosed(
    bench: Bench, said: Json
) -> None:
    await deliver(bench, event(14, **said))
    await bench.card(lambda it: "evidence" in buttons(it))


async def test_help_is_never_late(bench: Bench) -> None:
    await deliver(bench, event(600, **MENTION | {"text": "<@U0AGW> help"}))
    await bench.told(ADA, "/agw diagnose agw-prod")


async def test_late_words_about_nothing_known_are_let_pass(bench: Bench) -> None:
    await deliver(bench, event(16, **REPORT | {"text": "502 from gateway agw-tset"}))
    await deliver(bench, event(17, **REPORT))
    await bench.told(ADA, "Is it still so?")
    await bench.idle()
    assert len(bench.slack.ephemerals(ADA, INCIDENTS)) == 1


async def test_a_late_alert_is_asked_about_in_its_thread(tmp_path: Path) -> None:
    async with open_bench(tmp_path, alert_bots=frozenset({"B0AM"})) as bench:
        parent = await bench.slack.post(ADA, INCIDENTS, "the alert stands here")
        text = "[FIRING:1] 502 on agw-test"
        body = event(16, bot_id="B0AM", subtype="bot_message", text=text)
        bench.clock.turn(minutes=20)
        body["event"]["ts"] = parent["ts"]
        await deliver(bench, body)
        (question,) = await bench.slack.wait_for(lambda: bench.thread(parent))
        assert "agw-test" in shown(question)
        await bench.slack.click(ADA, INCIDENTS, question["ts"], "diagnose_now")
        await bench.card(lambda it: "evidence" in buttons(it))
