"""The bot's connection to Slack, when Slack asks it to connect anew, as it does every few hours."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.lab.slack import SlackWorkspace
from bot.lab.world import CHANNEL
from handlers import make_client
from handlers.socket_mode import SocketMode

ROUNDS = 5


async def test_each_time_it_connects_once_and_hears_what_comes_at_once() -> None:
    async with SlackWorkspace.open() as slack:
        app = AsyncApp(
            client=make_client(slack.bot_token, slack.api_url), signing_secret="", logger=None
        )

        @app.command("/agw")
        async def answer(ack: Any) -> None:
            await ack("here")

        door = SocketMode(app, slack.app_token)
        try:
            await door.connect_async()
            await slack.wait_connected()
            for _ in range(ROUNDS):
                await slack.sockets.disconnect()
                await slack.wait_for(lambda: len(slack.sockets) == 1)
                assert (await slack.command("U0ADA", CHANNEL, "/agw")).ok
        finally:
            await door.close_async()
        tickets = [it for it in slack.calls if it.method == "apps.connections.open"]
        assert len(tickets) == ROUNDS + 1
