"""A real slack_bolt app over Socket Mode: everything that a person does reaches it, once."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.lab.slack import SlackWorkspace
from tests.lab.slack.apps import CHANNEL, connected


async def test_a_command_is_answered_for_one_person_only(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    @app.command("/agw")
    async def help_(ack: Any, body: Any) -> None:
        await ack(f"You said {body['text']}")

    async with connected(app, slack):
        result = await slack.command("U0ADA", CHANNEL, "/agw help me")

    assert result.ok
    assert result.response == {"text": "You said help me"}
    assert [message["text"] for message in slack.ephemerals("U0ADA", CHANNEL)] == [
        "You said help me"
    ]
    assert slack.ephemerals("U0BEN", CHANNEL) == []
    assert slack.messages(CHANNEL) == []


async def test_a_message_is_answered_in_its_thread(slack: SlackWorkspace, app: AsyncApp) -> None:
    @app.message("502 from gateway")
    async def answer(message: Any, say: Any) -> None:
        await say("Looking", thread_ts=message["ts"])

    async with connected(app, slack):
        said = await slack.post("U0BEN", CHANNEL, "502 from gateway agw-prod")
        thread = await slack.wait_for(
            lambda: slack.messages(CHANNEL, said["ts"])[1:] and slack.messages(CHANNEL, said["ts"])
        )

    assert [message["text"] for message in thread] == ["502 from gateway agw-prod", "Looking"]
    assert thread[0]["reply_count"] == 1
    assert thread[1]["bot_id"] == "B0AGW"
