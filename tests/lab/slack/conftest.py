"""A workspace on loopback, and an app and a client for it."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import Limits, SlackWorkspace
from tests.lab.slack.apps import app_of, client_of


@pytest.fixture
def limits() -> Limits:
    """Slack's real patience, without the pauses between retries."""
    return Limits(event_retries=(0.0, 0.0, 0.0))


@pytest.fixture
async def slack(limits: Limits) -> AsyncIterator[SlackWorkspace]:
    async with SlackWorkspace.open(limits=limits) as workspace:
        yield workspace


@pytest.fixture
def client(slack: SlackWorkspace) -> AsyncWebClient:
    return client_of(slack)


@pytest.fixture
def app(slack: SlackWorkspace) -> AsyncApp:
    return app_of(slack)
