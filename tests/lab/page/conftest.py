"""The lab's Slack with its page open in a real browser, as Ada."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import Limits, SlackWorkspace
from tests.browser import Page, open_page
from tests.lab.page.steps import enter
from tests.lab.slack.apps import app_of, client_of

GUIDE = {
    "name": "test",
    "title": "502 from a gateway",
    "story": ["Write `/agw diagnose agw-test`.", 'Or say "502 from gateway agw-test".'],
}


@pytest.fixture
async def slack() -> AsyncIterator[SlackWorkspace]:
    limits = Limits(rate_limited=False)
    async with SlackWorkspace.open(scenario_card=GUIDE, limits=limits) as workspace:
        yield workspace


@pytest.fixture
def client(slack: SlackWorkspace) -> AsyncWebClient:
    return client_of(slack)


@pytest.fixture
def app(slack: SlackWorkspace) -> AsyncApp:
    return app_of(slack)


@pytest.fixture
async def page(slack: SlackWorkspace) -> AsyncIterator[Page]:
    """The page with Ada's screen. A test fails if anything went wrong on it."""
    async with open_page() as page:
        await enter(page, slack)
        yield page
        assert page.errors == []
