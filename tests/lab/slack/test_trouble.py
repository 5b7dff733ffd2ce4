"""Trouble on demand, rate limits, and what a real client makes of both."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from bot.lab.slack.limits import TIER_2, TIER_3, RateLimits
from bot.lab.slack.values import ApiError
from tests.lab.slack.apps import CHANNEL


async def post(client: AsyncWebClient, text: str = "x") -> Any:
    return await client.chat_postMessage(channel=CHANNEL, text=text)


async def test_the_next_calls_fail_and_then_all_is_well(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    slack.faults.fail("chat.postMessage", "fatal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            await post(client)
    await post(client)
    assert len(slack.messages(CHANNEL)) == 1
    assert [call.answer["ok"] for call in slack.calls] == [False, False, True]


async def test_a_server_error_can_be_retried(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    slack.faults.fail_with_status("chat.postMessage", 503)
    with pytest.raises(SlackApiError) as failure:
        await post(client)
    assert failure.value.response.status_code == 503

    slack.faults.fail_with_status("chat.postMessage", 503)
    client.retry_handlers.append(AsyncServerErrorRetryHandler())
    await post(client)
    assert len(slack.messages(CHANNEL)) == 1


async def test_a_rate_limit_says_how_long_to_wait(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    slack.faults.rate_limit("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError, match="ratelimited") as refusal:
        await post(client)
    assert refusal.value.response.status_code == 429
    assert refusal.value.response.headers["Retry-After"] == "7"

    slack.faults.rate_limit("chat.postMessage", retry_after=0)
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler())
    await post(client)
    assert len(slack.messages(CHANNEL)) == 1


async def test_a_dropped_answer_comes_after_the_work(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    """slack_sdk repeats a call after a lost connection by itself: so the message stands twice."""
    slack.faults.drop_answer("chat.postMessage")
    await post(client, "once or twice?")
    assert [message["text"] for message in slack.messages(CHANNEL)] == ["once or twice?"] * 2


async def test_a_burst_of_messages_is_stopped_in_its_channel(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    answers = await asyncio.gather(*(post(client) for _ in range(15)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, SlackApiError)]
    assert len(refused) == 5
    assert {refusal.response.status_code for refusal in refused} == {429}
    assert len(slack.messages(CHANNEL)) == 10
    await client.chat_postMessage(channel="C0GENERAL", text="another channel is free")


def test_the_limits_refill_with_time() -> None:
    now = [0.0]
    limits = RateLimits(clock=lambda: now[0])
    for _ in range(TIER_2):
        limits.count("usergroups.users.list", TIER_2)
    with pytest.raises(ApiError) as refusal:
        limits.count("usergroups.users.list", TIER_2)
    assert refusal.value.headers == {"Retry-After": "3"}
    limits.count("chat.update", TIER_3)

    now[0] += 3
    limits.count("usergroups.users.list", TIER_2)
    with pytest.raises(ApiError):
        limits.count("usergroups.users.list", TIER_2)


async def test_an_app_that_waits_as_it_was_told_gets_through(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    """By the loop's clock, which leaps over the pause."""
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    for _ in range(15):
        await post(client)
    assert len(slack.messages(CHANNEL)) == 15


async def test_waiting_in_vain_shows_the_conversation(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    said = await slack.post("U0BEN", CHANNEL, "Is it down?")
    await client.chat_postMessage(channel=CHANNEL, text="Looking", thread_ts=said["ts"])
    await client.chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="Psst")
    with pytest.raises(TimeoutError) as failure:
        await slack.wait_for(lambda: False, timeout=0.01)
    lines = str(failure.value).splitlines()[1:]
    assert [line.partition("] ")[2] for line in lines] == [
        "ben: Is it down?",
        "agw: Looking",
        "agw (only visible to one person): Psst",
    ]
    assert lines[1].startswith("    [")


async def test_changes_can_be_followed(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    followed = slack.changes()
    await client.chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="Psst")
    change = await anext(followed)
    await followed.aclose()
    assert (change.type, change.only_for) == ("message", "U0ADA")
    assert change.seen_by("U0ADA")
    assert not change.seen_by("U0BEN")
