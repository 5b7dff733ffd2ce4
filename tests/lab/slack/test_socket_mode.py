"""A real slack_bolt app over Socket Mode: commands, acknowledgements, connections."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from bot.lab.values import Json
from tests.lab.slack.apps import CHANNEL, client_of, connected, impatient


def notices_of(slack: SlackWorkspace) -> list[str]:
    """The notices that appear on anybody's screen from now on."""
    notices: list[str] = []
    slack.subscribe(
        lambda change: notices.append(change.data["text"]) if change.type == "notice" else None
    )
    return notices


async def test_a_command_is_answered_for_one_person_only(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    bodies: list[Json] = []

    @app.command("/agw")
    async def help_(ack: Any, body: Any) -> None:
        bodies.append(body)
        await ack(f"You said {body['text']}")

    async with connected(app, slack):
        result = await slack.command("U0ADA", CHANNEL, "/agw diagnose shop.contoso.com")

    link = "<http://shop.contoso.com|shop.contoso.com>"
    assert result.ok
    assert result.response == {"text": f"You said diagnose {link}"}
    assert [m["text"] for m in slack.ephemerals("U0ADA", CHANNEL)] == [result.response["text"]]
    assert slack.ephemerals("U0BEN", CHANNEL) == []
    assert slack.messages(CHANNEL) == []
    body = bodies[0]
    assert (body["command"], body["channel_name"], body["user_name"]) == (
        "/agw",
        "incidents",
        "ada",
    )
    assert (body["team_id"], body["user_id"], body["channel_id"]) == ("T0LAB", "U0ADA", CHANNEL)
    assert body["is_enterprise_install"] == "false"


async def test_a_command_may_answer_in_the_channel(slack: SlackWorkspace, app: AsyncApp) -> None:
    @app.command("/agw")
    async def answer(ack: Any) -> None:
        await ack(text="Everyone sees this", response_type="in_channel")

    async with connected(app, slack):
        await slack.command("U0BEN", CHANNEL, "/agw")
    assert [message["text"] for message in slack.messages(CHANNEL)] == ["Everyone sees this"]


@impatient
async def test_a_command_without_an_answer_fails_before_the_person(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    released = asyncio.Event()

    @app.command("/agw")
    async def slow(ack: Any) -> None:
        await released.wait()
        await ack("too late")

    notices = notices_of(slack)
    async with connected(app, slack):
        result = await slack.command("U0ADA", CHANNEL, "/agw")
        released.set()
        await slack.command("U0ADA", CHANNEL, "/agw")

    assert (result.ok, result.error) == (False, "operation_timeout")
    assert notices == ['/agw failed with the error "operation_timeout"']
    assert len(slack.ephemerals("U0ADA", CHANNEL)) == 1


async def test_without_the_app_a_command_cannot_be_dispatched(slack: SlackWorkspace) -> None:
    notices = notices_of(slack)
    assert (await slack.command("U0ADA", CHANNEL, "/agw")).error == "dispatch_failed"
    assert (await slack.command("U0ADA", CHANNEL, "/sing")).error == "unknown_command"
    assert notices == [
        '/agw failed with the error "dispatch_failed"',
        "/sing is not a valid command.",
    ]


async def test_an_answer_that_slack_refuses_is_an_error(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    @app.command("/agw")
    async def answer(ack: Any) -> None:
        await ack(text="x", blocks=[{"type": "nonsense"}])

    async with connected(app, slack):
        result = await slack.command("U0ADA", CHANNEL, "/agw")
    assert (result.ok, result.error) == (False, "invalid_blocks")
    assert slack.ephemerals("U0ADA", CHANNEL) == []


async def test_a_shortcut_on_a_message_brings_the_message(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies: list[Json] = []

    async def note(ack: Any, body: Any) -> None:
        await ack()
        bodies.append(body)

    app.message_shortcut("diagnose")(note)
    app.global_shortcut("pending")(note)
    said = await slack.post("U0BEN", CHANNEL, "502 again")
    async with connected(app, slack):
        assert (await slack.shortcut("U0ADA", "diagnose", CHANNEL, said["ts"])).ok
        assert (await slack.shortcut("U0ADA", "pending")).ok

    assert [body["type"] for body in bodies] == ["message_action", "shortcut"]
    assert (bodies[0]["message_ts"], bodies[0]["message"]["text"]) == (said["ts"], "502 again")
    assert bodies[0]["channel"]["id"] == CHANNEL
    assert all(body["trigger_id"] for body in bodies)


async def test_what_the_app_said_itself_does_not_take_the_connection_chosen_for_a_person(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await open_socket(slack, session) for _ in range(2)]
        await slack.wait_connected()
        slack.faults.next_socket(0)
        said = await client.chat_postMessage(channel=CHANNEL, text="said")
        assert await first_to_answer(sockets) == 1
        await client.chat_update(channel=CHANNEL, ts=said["ts"], text="said anew")
        assert await first_to_answer(sockets) == 0
        await client.chat_delete(channel=CHANNEL, ts=said["ts"])
        assert await first_to_answer(sockets) == 1
        command = asyncio.create_task(slack.command("U0ADA", CHANNEL, "/agw"))
        assert await first_to_answer(sockets) == 0
        assert (await command).ok


async def test_payloads_take_turns_between_the_connections(slack: SlackWorkspace) -> None:
    """A raw client tells which connection got what; the app must not care."""
    async with aiohttp.ClientSession() as session:
        sockets = [await open_socket(slack, session) for _ in range(2)]
        await slack.wait_connected()
        for index in (0, 1, 0):
            slack.faults.next_socket(index)
            command = asyncio.create_task(slack.command("U0ADA", CHANNEL, "/agw"))
            envelope = await sockets[index].receive_json(timeout=5)
            assert envelope["type"] == "slash_commands"
            assert envelope["accepts_response_payload"] is True
            await sockets[index].send_json({"envelope_id": envelope["envelope_id"]})
            assert (await command).ok

        got = []
        for _ in range(2):
            command = asyncio.create_task(slack.command("U0ADA", CHANNEL, "/agw"))
            got.append(await first_to_answer(sockets))
            assert (await command).ok
        assert sorted(got) == [0, 1]


async def open_socket(
    slack: SlackWorkspace, session: aiohttp.ClientSession
) -> aiohttp.ClientWebSocketResponse:
    answer = await client_of(slack).apps_connections_open(app_token=slack.app_token)
    socket = await session.ws_connect(answer["url"])
    hello = await socket.receive_json(timeout=5)
    assert hello["type"] == "hello"
    assert hello["connection_info"] == {"app_id": "A0AGW"}
    return socket


async def first_to_answer(sockets: list[aiohttp.ClientWebSocketResponse]) -> int:
    reading = [asyncio.create_task(socket.receive_json()) for socket in sockets]
    done, waiting = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    index = reading.index(done.pop())
    envelope = reading[index].result()
    await sockets[index].send_json({"envelope_id": envelope["envelope_id"]})
    return index


async def test_the_address_of_a_connection_works_once(slack: SlackWorkspace) -> None:
    answer = await client_of(slack).apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(answer["url"]):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await session.ws_connect(answer["url"])
    assert refusal.value.status == 403


async def test_the_eleventh_connection_is_sent_away(slack: SlackWorkspace) -> None:
    async with aiohttp.ClientSession() as session:
        kept = [await open_socket(slack, session) for _ in range(10)]
        answer = await client_of(slack).apps_connections_open(app_token=slack.app_token)
        socket = await session.ws_connect(answer["url"])
        farewell = await socket.receive_json(timeout=5)
        assert (farewell["type"], farewell["reason"]) == ("disconnect", "too_many_websockets")
        assert len(slack.sockets) == len(kept) == 10


async def test_the_app_comes_back_after_a_refresh_and_after_a_cut(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    @app.command("/agw")
    async def answer(ack: Any) -> None:
        await ack("here")

    opened: list[bool] = []
    slack.subscribe(
        lambda change: (
            opened.append(True) if change.type == "connected" and change.data["connected"] else None
        )
    )

    async def comes_back(before: int) -> None:
        await slack.wait_for(lambda: len(opened) > before and len(slack.sockets) == 1)
        assert (await slack.command("U0ADA", CHANNEL, "/agw")).ok

    async with connected(app, slack):
        before = len(opened)
        await slack.sockets.disconnect("refresh_requested")
        await comes_back(before)
        before = len(opened)
        slack.sockets.cut()
        await comes_back(before)


async def test_closing_does_not_wait_for_an_open_connection(app: AsyncApp) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(5):
        async with SlackWorkspace.open() as slack:
            socket = await open_socket(slack, session)
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
