"""Real slack_bolt apps and slack_sdk clients for a workspace on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace

CHANNEL = "C0INCIDENTS"


def client_of(slack: SlackWorkspace, token: str | None = None) -> AsyncWebClient:
    """A client with the bot's token, or with another one."""
    return AsyncWebClient(token or slack.bot_token, base_url=slack.api_url)


def app_of(slack: SlackWorkspace) -> AsyncApp:
    """An app without listeners; each test adds its own."""
    return AsyncApp(client=client_of(slack), signing_secret=slack.signing_secret)


@asynccontextmanager
async def connected(app: AsyncApp, slack: SlackWorkspace, sockets: int = 1) -> AsyncIterator[None]:
    """The app, connected over Socket Mode as often as wanted, as replicas would be."""
    handlers = [
        AsyncSocketModeHandler(app, slack.app_token, ping_interval=1) for _ in range(sockets)
    ]
    try:
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.wait_for(lambda: len(slack.sockets) == sockets)
        yield
    finally:
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]
