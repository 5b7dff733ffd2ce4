"""Places and tokens that are out of reach, direct messages, metadata, and an Enterprise org."""

import asyncio

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import Grid, Limits, SlackWorkspace
from bot.lab.values import Json
from tests.lab.slack.apps import CHANNEL, Inbox, app_of, client_of, connected

METADATA = {"event_type": "agw_word", "event_payload": {"key": "k1"}}


async def test_an_archived_channel_takes_neither_messages_nor_edits(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    made = await client.chat_postMessage(channel=CHANNEL, text="x")
    slack.archive(CHANNEL)
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_postMessage(channel=CHANNEL, text="y")
    with pytest.raises(SlackApiError, match="is_inactive"):
        await client.chat_update(channel=CHANNEL, ts=made["ts"], text="y")


async def test_a_token_that_is_refused_is_refused_everywhere(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    slack.refuse_token("token_revoked")
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.chat_postMessage(channel=CHANNEL, text="x")
    slack.refuse_token(None)
    assert (await client.auth_test())["ok"]


async def test_a_persons_id_stands_for_direct_messages(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    made = await client.chat_postMessage(channel="U0BEN", text="only for you")
    assert made["channel"].startswith("D")
    assert [it["text"] for it in slack.messages(made["channel"])] == ["only for you"]
    with pytest.raises(SlackApiError, match="cannot_dm_bot"):
        await client.chat_postMessage(channel="U0AGW", text="x")


async def test_metadata_is_returned_to_who_asks_for_it(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    card = await client.chat_postMessage(channel=CHANNEL, text="card", metadata=METADATA)
    parent = str(card["ts"])
    await client.chat_postMessage(channel=CHANNEL, thread_ts=parent, text="1", metadata=METADATA)
    everything = await client.conversations_replies(channel=CHANNEL, ts=parent)
    assert not any("metadata" in it for it in everything["messages"])
    for asked in (
        client.conversations_replies(channel=CHANNEL, ts=parent, include_all_metadata=True),
        client.conversations_history(channel=CHANNEL, include_all_metadata=True),
    ):
        found: Json = (await asked)["messages"][-1]
        assert found["metadata"]["event_payload"] == {"key": "k1"}


async def test_a_call_that_is_held_does_its_work_after_the_app_has_given_up(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    gate = slack.faults.hold("chat.postMessage")
    calling = asyncio.create_task(client.chat_postMessage(channel=CHANNEL, text="late"))
    await slack.wait_for(lambda: slack.faults.quiet)
    calling.cancel()
    await asyncio.wait({calling})
    gate.set()
    await slack.wait_for(lambda: slack.messages(CHANNEL))


async def test_a_call_that_hangs_is_never_answered(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    slack.faults.hang("chat.postMessage")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(20):
            await client.chat_postMessage(channel=CHANNEL, text="x")
    assert slack.messages(CHANNEL) == []


@pytest.mark.parametrize("org_wide", [True, False])
async def test_payloads_of_an_org_say_where_people_come_from(
    limits: Limits, org_wide: bool
) -> None:
    grid = Grid(org_wide=org_wide, workspaces=("T0LAB", "T0SHOP"), homes={"U0BEN": "T0SHOP"})
    async with SlackWorkspace.open(limits=limits, grid=grid) as slack:
        app, bodies = app_of(slack), Inbox[Json]()
        app.middleware(_noting(bodies))
        app.event("message")(_take)
        who = await client_of(slack).auth_test()
        assert who["enterprise_id"] == "E0LAB"
        assert who["is_enterprise_install"] is org_wide
        assert who["team_id"] == ("E0LAB" if org_wide else "T0LAB")
        async with connected(app, slack):
            await slack.post("U0BEN", CHANNEL, "hello")
            await slack.command("U0BEN", CHANNEL, "/agw help")
            event, command = sorted(await bodies.first(2), key=lambda it: "command" in it)
        assert event["event"]["user_team"] == command["team_id"] == "T0SHOP"
        assert event["authorizations"][0]["is_enterprise_install"] is org_wide
        groups = client_of(slack).usergroups_users_list
        if org_wide:
            with pytest.raises(SlackApiError, match="missing_argument"):
                await groups(usergroup="S0NETOPS")
        listed = await client_of(slack).auth_teams_list()
        assert [it["id"] for it in listed["teams"]] == ["T0LAB", "T0SHOP"]


def _noting(bodies: Inbox[Json]):  # type: ignore[no-untyped-def]
    async def note(body: Json, next_: object, ack: object) -> None:
        bodies.add(body)
        await ack()  # type: ignore[operator]

    return note


async def _take() -> None:
    """Bolt acknowledges an event by itself."""
