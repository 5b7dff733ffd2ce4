"""Every form in which somebody may write something new is heard; what is only edited or hidden is not."""

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.arm.document import Json
from handlers import messages
from handlers.hearing.reading import SHORT, read
from handlers.messages import NEW
from handlers.shortcuts import names_in
from tests.handlers.bench import ADA, INCIDENTS, Bench, buttons
from tests.handlers.edges import gateway

T = TypeVar("T")

RESOURCE = gateway()["id"]


@pytest.mark.parametrize("subtype", sorted(it for it in NEW if it and it != "bot_message"))
async def test_a_report_is_heard_in_every_form(bench: Bench, subtype: str) -> None:
    thread = None
    if subtype == "thread_broadcast":
        thread = (await bench.slack.post(ADA, INCIDENTS, "Is the shop slow?"))["ts"]
    await bench.slack.post(ADA, INCIDENTS, "502 from gateway agw-test", thread, subtype)
    await bench.card(lambda it: "evidence" in buttons(it))


@pytest.mark.parametrize("subtype", ["message_changed", "message_deleted", "channel_join", "x"])
async def test_what_is_not_new_is_let_pass(bench: Bench, subtype: str) -> None:
    await bench.slack.post(ADA, INCIDENTS, "502 from gateway agw-test", None, subtype)
    await bench.slack.post(ADA, INCIDENTS, "<@U0AGW> help")
    await bench.told(ADA, "/agw diagnose agw-prod")
    await bench.idle()
    assert bench.cards() == []


ALERTS: dict[str, Json] = {
    "attachment": {"attachments": [{"title": "Fired: Sev1", "text": f"on {RESOURCE}"}]},
    "fields": {"attachments": [{"fields": [{"title": "resource", "value": RESOURCE}]}]},
    "blocks": {
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f"502 on {RESOURCE}"}}]
    },
    "summary": {"text": "Azure Monitor alert", "attachments": [{"fallback": RESOURCE}]},
    "resolved": {"text": "", "attachments": [{"title": "Resolved", "text": RESOURCE}]},
}


@pytest.mark.parametrize("message", ALERTS.values(), ids=ALERTS.keys())
async def test_the_shortcut_finds_the_gateway_in_all_that_an_alert_shows(
    bench: Bench, message: Json
) -> None:
    body = {
        "type": "message_action",
        "callback_id": "diagnose_gateway",
        "trigger_id": "1",
        "user": {"id": ADA, "team_id": "T0LAB"},
        "team": {"id": "T0LAB"},
        "channel": {"id": INCIDENTS},
        "message": {"type": "message", "bot_id": "B0AM", "ts": "1.1"} | message,
    }
    await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await bench.card(lambda it: "evidence" in buttons(it))


LONG = f"502 from gateway agw-test\n{'502 a-' * 6_000}"


@pytest.mark.parametrize("said", [LONG, f"<@U0AGW> {LONG}"], ids=["overheard", "mention"])
async def test_a_message_as_long_as_slack_takes_is_read_beside_the_loop(
    bench: Bench, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_by: list[threading.Thread] = []
    for name in ("heard_in", "parse"):
        monkeypatch.setattr(messages, name, _spied(getattr(messages, name), read_by))
    await bench.slack.post(ADA, INCIDENTS, said)
    await bench.slack.wait_for(bench.cards)
    assert len(read_by) == 1
    assert threading.main_thread() not in read_by


async def test_a_short_one_is_read_at_once() -> None:
    read_by: list[threading.Thread] = []
    await read(_spied(len, read_by), "x" * SHORT)
    assert read_by == [threading.main_thread()]


def _spied(reader: Callable[[str], T], read_by: list[threading.Thread]) -> Callable[[str], T]:
    def spy(text: str) -> T:
        read_by.append(threading.current_thread())
        return reader(text)

    return spy


async def test_what_a_person_typed_goes_before_what_else_is_shown() -> None:
    preview = {"attachments": [{"title": "agw-other", "fallback": "502 on agw-other"}]}
    assert await names_in({"text": "502 from agw-prod"} | preview) == ("agw-prod",)
