"""Real slack_bolt apps and slack_sdk clients for a workspace on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import Limits, SlackWorkspace

CHANNEL = "C0INCIDENTS"

T = TypeVar("T")

# For tests in which the app must miss the deadline: `@impatient`.
impatient = pytest.mark.parametrize("limits", [Limits(ack=0.3, event_retries=(0.0, 0.0, 0.0))])


class Inbox(Generic[T]):
    """What a listener got, in order, for a test that waits for it."""

    def __init__(self) -> None:
        self.items: list[T] = []
        self._more = asyncio.Event()

    def add(self, item: T) -> None:
        self.items.append(item)
        self._more.set()

    async def first(self, count: int) -> list[T]:
        """The first items, as soon as there are so many."""
        async with asyncio.timeout(10):
            while len(self.items) < count:
                self._more.clear()
                await self._more.wait()
        return self.items[:count]


def client_of(slack: SlackWorkspace, token: str | None = None) -> AsyncWebClient:
    """A client with the bot's token, or with another one."""
    return AsyncWebClient(token or slack.bot_token, base_url=slack.api_url)


def app_of(slack: SlackWorkspace) -> AsyncApp:
    """An app without listeners, which also hears what its own bot does."""
    return AsyncApp(
        name=__name__,
        client=client_of(slack),
        signing_secret=slack.signing_secret,
        ignoring_self_events_enabled=False,
    )


@asynccontextmanager
async def connected(app: AsyncApp, slack: SlackWorkspace, sockets: int = 1) -> AsyncIterator[None]:
    """The app, connected over Socket Mode as often as wanted, as replicas would be."""
    handlers = [
        AsyncSocketModeHandler(app, slack.app_token, ping_interval=1) for _ in range(sockets)
    ]
    try:
        for handler in handlers:
            await handler.connect_async()
        await slack.wait_for(lambda: len(slack.sockets) == sockets)
        yield
    finally:
        for handler in handlers:
            await handler.close_async()
