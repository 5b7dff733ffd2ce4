"""Calls to Slack are counted, each attempt, by method and result, and nothing of what they say."""

from collections.abc import Mapping
from contextlib import suppress

import pytest

from bot.lab.slack import SlackWorkspace
from bot.telemetry import SLACK_CALLS, Metric, heard_by
from handlers.slack_clients import answer_at, bare, make_client
from handlers.slack_errors import SlackProblem, answer_of
from tests.azure.wild import Reply, answer, wild_server


class Heard:
    """Keeps the labels of what is counted."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []

    def record(self, metric: Metric, value: float, labels: Mapping[str, str]) -> None:
        assert metric is SLACK_CALLS
        self.calls.append((labels["method"], labels["result"]))


async def test_a_call_and_its_refusal() -> None:
    heard = Heard()
    async with SlackWorkspace.open() as slack:
        client = make_client(slack.bot_token, slack.api_url)
        with heard_by(heard):
            await client.auth_test()
            with pytest.raises(SlackProblem, match="cannot see"):
                await answer_of(client.chat_postMessage(channel="C0NOWHERE", text="x"))
    assert heard.calls == [("auth.test", "ok"), ("chat.postMessage", "error")]


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        (answer(429, {"ok": False}), "ratelimited"),
        (answer(503, {}), "error"),
        (answer(200, {"ok": True}), "ok"),
    ],
)
async def test_what_slack_answered(reply: Reply, result: str) -> None:
    heard = Heard()
    async with wild_server(reply) as server:
        client = bare(make_client("xoxb-1", f"{server.url}/api/"))
        with heard_by(heard), suppress(SlackProblem):
            await answer_of(client.auth_test())
    assert heard.calls == [("auth.test", result)]


async def test_each_attempt_counts(unused_tcp_port: int) -> None:
    heard = Heard()
    client = make_client("xoxb-1", f"http://127.0.0.1:{unused_tcp_port}/api/")
    with heard_by(heard), pytest.raises(SlackProblem):
        await answer_of(client.auth_test())
    assert len(heard.calls) > 1
    assert set(heard.calls) == {("auth.test", "no_answer")}


async def test_a_response_url_is_no_method() -> None:
    heard = Heard()
    async with wild_server(answer(200, {"ok": True})) as server:
        with heard_by(heard):
            await answer_at(f"{server.url}/commands/T1/secret", text="x")
        server.reply = lambda _: answer(404, {})
        with heard_by(heard):
            await answer_at(f"{server.url}/commands/T1/expired", text="x")
    assert heard.calls == [("response_url", "ok"), ("response_url", "error")]


async def test_what_is_no_method_of_the_api_is_one_series() -> None:
    heard = Heard()
    async with wild_server(answer(200, {"ok": True})) as server:
        client = bare(make_client("xoxb-1", f"{server.url}/api/"))
        with heard_by(heard):
            await client.api_call("U0BEN")
    assert {method for method, _ in heard.calls} == {"other"}
