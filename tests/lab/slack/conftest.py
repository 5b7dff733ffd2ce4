"""A workspace on loopback whose patience is short, and an app and a client for it."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import Limits, SlackWorkspace
from tests.lab.slack.apps import app_of, client_of


@pytest.fixture
async def slack() -> AsyncIterator[SlackWorkspace]:
    limits = Limits(ack=0.3, event_retries=(0.0, 0.0, 0.0))
    async with SlackWorkspace.open(limits=limits) as workspace:
        yield workspace


@pytest.fixture
def client(slack: SlackWorkspace) -> AsyncWebClient:
    return client_of(slack)


@pytest.fixture
def app(slack: SlackWorkspace) -> AsyncApp:
    return app_of(slack)
