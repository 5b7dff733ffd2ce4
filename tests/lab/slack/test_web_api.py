"""The Web API through slack_sdk's own client: what it does, and how it refuses."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from tests.lab.slack.apps import CHANNEL, client_of

Call = Callable[[AsyncWebClient], Awaitable[Any]]


async def refusal_of(call: Awaitable[Any]) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as refusal:
        await call
    data: dict[str, Any] = refusal.value.response.data
    return data


async def error_of(call: Awaitable[Any]) -> str:
    return str((await refusal_of(call))["error"])


async def test_auth_test_names_the_bot_and_lists_its_scopes() -> None:
    async with SlackWorkspace.open(scopes=("chat:write", "commands")) as slack:
        answer = await client_of(slack).auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0AGW", "B0AGW", "T0LAB")
    assert answer.headers["X-OAuth-Scopes"] == "chat:write,commands"


async def test_tokens_are_checked(slack: SlackWorkspace) -> None:
    wrong = AsyncWebClient("xoxb-wrong", base_url=slack.api_url)
    none = AsyncWebClient(base_url=slack.api_url)
    assert await error_of(wrong.auth_test()) == "invalid_auth"
    assert await error_of(none.auth_test()) == "not_authed"
    app_token = client_of(slack, slack.app_token)
    assert await error_of(app_token.chat_postMessage(channel=CHANNEL, text="x")) == (
        "not_allowed_token_type"
    )
    bot_token = client_of(slack)
    assert await error_of(bot_token.apps_connections_open(app_token=slack.bot_token)) == (
        "not_allowed_token_type"
    )
    assert (await none.api_test(foo="bar"))["args"] == {"foo": "bar"}


async def test_a_missing_scope_is_named() -> None:
    async with SlackWorkspace.open(scopes=("commands",)) as slack:
        refusal = await refusal_of(client_of(slack).chat_postMessage(channel=CHANNEL, text="x"))
    assert refusal == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": "commands",
    }


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda c: c.chat_postMessage(channel="C0NOWHERE", text="x"), "channel_not_found"),
        (lambda c: c.api_call("chat.postMessage", json={"channel": CHANNEL}), "no_text"),
        (lambda c: c.chat_postMessage(channel=CHANNEL, text="x" * 40_001), "msg_too_long"),
        (lambda c: c.chat_update(channel=CHANNEL, ts="1.000000", text="x"), "message_not_found"),
        (lambda c: c.chat_delete(channel=CHANNEL, ts="1.000000"), "message_not_found"),
        (
            lambda c: c.chat_postMessage(channel=CHANNEL, text="x", thread_ts="1.000000"),
            "cannot_reply_to_message",
        ),
        (
            lambda c: c.chat_postMessage(channel=CHANNEL, text="x", blocks="{"),
            "invalid_blocks_format",
        ),
        (
            lambda c: c.chat_postEphemeral(channel=CHANNEL, user="U0NOBODY", text="x"),
            "user_not_in_channel",
        ),
        (lambda c: c.users_info(user="U0NOBODY"), "user_not_found"),
        (lambda c: c.usergroups_users_list(usergroup="S0NONE"), "no_such_subteam"),
        (lambda c: c.bots_info(bot="B0NONE"), "bot_not_found"),
        (lambda c: c.conversations_info(channel="C0NOWHERE"), "channel_not_found"),
        (lambda c: c.conversations_replies(channel=CHANNEL, ts="1.000000"), "thread_not_found"),
        (
            lambda c: c.reactions_add(channel=CHANNEL, timestamp="1.000000", name="eyes"),
            "message_not_found",
        ),
        (lambda c: c.views_publish(user_id="U0NOBODY", view={"type": "home"}), "user_not_found"),
        (lambda c: c.api_call("chat.sing"), "unknown_method"),
    ],
)
async def test_refusals(client: AsyncWebClient, call: Call, error: str) -> None:
    assert await error_of(call(client)) == error


async def test_a_message_needs_its_channel_argument(slack: SlackWorkspace) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.api_url}chat.postMessage", headers=headers, json={}) as answer,
    ):
        assert answer.status == 200
        refusal = await answer.json()
    assert refusal["error"] == "invalid_arguments"
    assert refusal["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


async def test_a_body_that_is_not_json_is_refused(slack: SlackWorkspace) -> None:
    headers = {"Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.api_url}auth.test", headers=headers, data="{") as answer,
    ):
        assert await answer.json() == {"ok": False, "error": "invalid_json"}


async def test_a_form_works_as_well_as_json(slack: SlackWorkspace) -> None:
    form = {
        "token": slack.bot_token,
        "channel": CHANNEL,
        "text": "from a form",
        "blocks": '[{"type": "divider"}]',
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.api_url}chat.postMessage", data=form) as answer,
    ):
        assert (await answer.json())["ok"]
    message = slack.messages(CHANNEL)[0]
    assert (message["text"], message["blocks"][0]["type"]) == ("from a form", "divider")
    assert "token" not in slack.calls[0].arguments


async def test_an_edit_keeps_the_blocks_that_it_does_not_name(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    blocks = [{"type": "divider"}]
    posted = await client.chat_postMessage(channel=CHANNEL, text="one", blocks=blocks)
    await client.chat_update(channel=CHANNEL, ts=posted["ts"], text="two")
    kept = slack.messages(CHANNEL)[0]
    assert kept["text"] == "two"
    assert kept["blocks"] == posted["message"]["blocks"]
    assert float(kept["edited"]["ts"]) > float(posted["ts"])

    await client.chat_update(channel=CHANNEL, ts=posted["ts"], text="three", blocks=[])
    assert slack.messages(CHANNEL)[0]["blocks"] == []
    long = client.chat_update(channel=CHANNEL, ts=posted["ts"], text="x" * 4001)
    assert await error_of(long) == "msg_too_long"


async def test_the_bot_edits_and_deletes_only_its_own(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    said = await slack.post("U0ADA", CHANNEL, "mine")
    mine = {"channel": CHANNEL, "ts": said["ts"]}
    assert await error_of(client.chat_update(text="x", **mine)) == "cant_update_message"
    assert await error_of(client.chat_delete(**mine)) == "cant_delete_message"

    posted = await client.chat_postMessage(channel=CHANNEL, text="bot's")
    await client.chat_delete(channel=CHANNEL, ts=posted["ts"])
    assert [message["text"] for message in slack.messages(CHANNEL)] == ["mine"]


async def test_threads_are_counted_and_read(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    parent = await client.chat_postMessage(channel=CHANNEL, text="parent")
    reply = await client.chat_postMessage(channel=CHANNEL, text="1", thread_ts=parent["ts"])
    last = await slack.post("U0BEN", CHANNEL, "2", parent["ts"])

    thread = await client.conversations_replies(channel=CHANNEL, ts=parent["ts"])
    assert [message["text"] for message in thread["messages"]] == ["parent", "1", "2"]
    top = (await client.conversations_history(channel=CHANNEL))["messages"]
    assert [message["text"] for message in top] == ["parent"]
    assert (top[0]["reply_count"], top[0]["latest_reply"]) == (2, last["ts"])
    assert top[0]["reply_users"] == ["U0AGW", "U0BEN"]

    await client.chat_delete(channel=CHANNEL, ts=reply["ts"])
    assert slack.messages(CHANNEL)[0]["reply_count"] == 1
    nested = client.chat_postMessage(channel=CHANNEL, text="x", thread_ts=last["ts"])
    assert await error_of(nested) == "cannot_reply_to_message"


async def test_history_has_pages_and_a_time_window(client: AsyncWebClient) -> None:
    posted = [await client.chat_postMessage(channel=CHANNEL, text=str(n)) for n in range(3)]
    first = await client.conversations_history(channel=CHANNEL, limit=2)
    assert [message["text"] for message in first["messages"]] == ["2", "1"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=CHANNEL, limit=2, cursor=cursor)
    assert [message["text"] for message in second["messages"]] == ["0"]
    after = await client.conversations_history(channel=CHANNEL, oldest=posted[0]["ts"])
    assert [message["text"] for message in after["messages"]] == ["2", "1"]


async def test_reactions(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=CHANNEL, text="x")
    eyes = {"channel": CHANNEL, "timestamp": posted["ts"], "name": "eyes"}
    await client.reactions_add(**eyes)
    assert slack.messages(CHANNEL)[0]["reactions"] == [
        {"name": "eyes", "users": ["U0AGW"], "count": 1}
    ]
    assert await error_of(client.reactions_add(**eyes)) == "already_reacted"
    await client.reactions_remove(**eyes)
    assert slack.messages(CHANNEL)[0]["reactions"] == []
    assert await error_of(client.reactions_remove(**eyes)) == "no_reaction"


async def test_people_groups_channels_and_the_team(client: AsyncWebClient) -> None:
    ada = (await client.users_info(user="U0ADA"))["user"]
    assert (ada["real_name"], ada["profile"]["email"]) == ("Ada Park", "ada@contoso.example")
    assert (await client.usergroups_users_list(usergroup="S0NETOPS"))["users"] == ["U0ADA"]
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    assert [(group["handle"], group["users"]) for group in groups] == [("netops", ["U0ADA"])]
    channels = (await client.conversations_list())["channels"]
    assert [channel["name"] for channel in channels] == ["incidents", "general"]
    assert (await client.conversations_info(channel=CHANNEL))["channel"]["is_member"]
    assert (await client.conversations_members(channel=CHANNEL))["members"] == [
        "U0ADA",
        "U0AGW",
        "U0BEN",
    ]
    assert (await client.team_info())["team"]["name"] == "Contoso"
    assert (await client.bots_info(bot="B0AGW"))["bot"]["user_id"] == "U0AGW"


async def test_an_address_is_only_told_with_its_scope() -> None:
    async with SlackWorkspace.open(scopes=("users:read",)) as slack:
        ada = (await client_of(slack).users_info(user="U0ADA"))["user"]
    assert "email" not in ada["profile"]


async def test_a_channel_without_the_bot_is_closed_to_it(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    slack.leave(CHANNEL, "U0AGW")
    post = client.chat_postMessage(channel=CHANNEL, text="x")
    assert await error_of(post) == "not_in_channel"
    assert await error_of(client.conversations_history(channel=CHANNEL)) == "not_in_channel"
    assert not (await client.conversations_info(channel=CHANNEL))["channel"]["is_member"]


async def test_a_permalink_points_into_the_workspace(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
    link = (await client.chat_getPermalink(channel=CHANNEL, message_ts=ts))["permalink"]
    assert link == f"{slack.page_url}archives/{CHANNEL}/p{ts.replace('.', '')}"


async def test_the_home_tab_is_kept_for_each_person(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    published = (await client.views_publish(user_id="U0ADA", view=view))["view"]
    assert slack.home("U0ADA") == published
    assert slack.home("U0BEN") is None
    late = client.views_publish(user_id="U0ADA", view=view, hash="other")
    assert await error_of(late) == "hash_conflict"
