"""Events: which are sent, in what shape, and again until somebody takes them."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import Limits, SlackWorkspace
from bot.lab.values import Json
from tests.lab.slack.apps import CHANNEL, Inbox, app_of, connected, impatient


@pytest.fixture
def seen(app: AsyncApp) -> Inbox[Json]:
    """The body of every request that reaches the app."""
    bodies: Inbox[Json] = Inbox()

    async def note(body: Json, next_: Any) -> None:
        bodies.add(body)
        await next_()

    app.middleware(note)
    app.event("message")(_take)
    app.event("app_mention")(_take)
    return bodies


async def _take() -> None:
    """Bolt acknowledges an event by itself."""


def named(bodies: list[Json]) -> list[str]:
    return sorted(body["event"]["type"] for body in bodies)


async def test_a_mention_comes_as_message_and_as_mention(
    slack: SlackWorkspace, app: AsyncApp, seen: Inbox[Json]
) -> None:
    async with connected(app, slack):
        said = await slack.post("U0BEN", CHANNEL, "<@U0AGW> diagnose agw-prod & co")
        app_events = await seen.first(2)

    assert named(app_events) == ["app_mention", "message"]
    assert len({body["event_id"] for body in app_events}) == 2
    for body in app_events:
        assert body["type"] == "event_callback"
        assert (body["team_id"], body["api_app_id"]) == ("T0LAB", "A0AGW")
        assert body["authorizations"][0]["user_id"] == "U0AGW"
        event = body["event"]
        assert event["text"] == "<@U0AGW> diagnose agw-prod &amp; co"
        assert (event["user"], event["channel"], event["ts"]) == ("U0BEN", CHANNEL, said["ts"])
        assert event["client_msg_id"]
        assert event["blocks"][0]["elements"][0]["elements"][0] == {
            "type": "user",
            "user_id": "U0AGW",
        }
    message = next(b["event"] for b in app_events if b["event"]["type"] == "message")
    assert message["channel_type"] == "channel"


async def test_the_bot_hears_its_own_messages_and_edits(
    slack: SlackWorkspace, app: AsyncApp, seen: Inbox[Json], client: AsyncWebClient
) -> None:
    async with connected(app, slack):
        posted = await client.chat_postMessage(channel=CHANNEL, text="<@U0AGW> one")
        await seen.first(1)
        await client.chat_update(channel=CHANNEL, ts=posted["ts"], text="two")
        await seen.first(2)
        await client.chat_delete(channel=CHANNEL, ts=posted["ts"])
        await seen.first(3)

    events = [body["event"] for body in seen.items]
    assert events[0]["bot_id"] == "B0AGW"
    assert [event.get("subtype") for event in events] == [
        None,
        "message_changed",
        "message_deleted",
    ]
    assert events[1]["previous_message"]["text"] == "<@U0AGW> one"
    assert events[1]["message"]["text"] == "two"
    assert events[2]["deleted_ts"] == posted["ts"]


async def test_without_scope_or_membership_there_is_no_message_event() -> None:
    async with SlackWorkspace.open(scopes=("app_mentions:read", "chat:write")) as slack:
        app = app_of(slack)
        heard: Inbox[str] = Inbox()

        async def note(body: Json, next_: Any) -> None:
            heard.add(body["event"]["text"])
            await next_()

        app.middleware(note)
        app.event("app_mention")(_take)
        async with connected(app, slack):
            await slack.post("U0BEN", CHANNEL, "<@U0AGW> first")
            slack.leave("C0GENERAL", "U0AGW")
            await slack.post("U0BEN", "C0GENERAL", "<@U0AGW> unheard")
            await slack.post("U0BEN", CHANNEL, "<@U0AGW> last")
            await heard.first(2)
    assert sorted(heard.items) == ["<@U0AGW> first", "<@U0AGW> last"]


@impatient
async def test_an_event_comes_again_until_it_is_acknowledged(slack: SlackWorkspace) -> None:
    """Without a listener Bolt answers 404 and sends no acknowledgement."""
    app = app_of(slack)
    attempts: Inbox[tuple[str, str, str]] = Inbox()

    async def note(body: Json, req: Any, next_: Any) -> None:
        number = req.headers.get("x-slack-retry-num", [""])[0]
        reason = req.headers.get("x-slack-retry-reason", [""])[0]
        attempts.add((body["event_id"], number, reason))
        await next_()

    app.middleware(note)
    async with connected(app, slack):
        await slack.post("U0BEN", CHANNEL, "hello")
        tried = await attempts.first(4)

    assert len({event_id for event_id, _, _ in tried}) == 1
    assert [number for _, number, _ in tried] == ["0", "1", "2", "3"]
    assert [reason for _, _, reason in tried[1:]] == ["timeout"] * 3


async def test_an_event_that_nobody_could_take_comes_when_the_app_is_there() -> None:
    async with SlackWorkspace.open(limits=Limits(event_retries=(0.5,))) as slack:
        app = app_of(slack)
        heard: Inbox[str] = Inbox()

        async def note(event: Json) -> None:
            heard.add(event["text"])

        app.event("message")(note)
        await slack.post("U0BEN", CHANNEL, "hello")
        async with connected(app, slack):
            assert await heard.first(1) == ["hello"]


async def test_a_payload_can_be_delivered_twice(
    slack: SlackWorkspace, app: AsyncApp, seen: Inbox[Json]
) -> None:
    slack.faults.deliver_twice()
    async with connected(app, slack, sockets=2):
        await slack.post("U0BEN", CHANNEL, "hello")
        await seen.first(2)
        await slack.post("U0BEN", CHANNEL, "once")
        await seen.first(3)
        await slack.post("U0BEN", CHANNEL, "last")
        bodies = await seen.first(4)
    texts = [body["event"]["text"] for body in bodies]
    assert texts == ["hello", "hello", "once", "last"]
    assert bodies[0]["event_id"] == bodies[1]["event_id"]
