"""The Home tab of the app: opened from the sidebar, made by the app, used by mouse."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.lab.slack import SlackWorkspace
from bot.lab.values import Json
from tests.browser import Page
from tests.lab.page.steps import button, gone, section, visible
from tests.lab.slack.apps import Inbox, connected

HOME = "[data-testid=home]"


async def test_what_the_app_publishes_is_shown_and_can_be_pressed(
    page: Page, slack: SlackWorkspace, app: AsyncApp
) -> None:
    inbox: Inbox[Json] = Inbox()

    @app.event("app_home_opened")
    async def publish(event: Json, client: Any) -> None:
        row = {"type": "actions", "elements": [button("go", "Approve it")]}
        blocks = [section(f"Hello {event['user']}, this is {event['tab']}"), row]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.action("go")
    async def pressed(ack: Any, body: Json) -> None:
        await ack()
        inbox.add(body)

    async with connected(app, slack):
        await page.click("[data-home=U0AGW]")
        await visible(page, f"{HOME} button[data-action-id=go]")
        assert "Hello U0ADA, this is home" in await page.text(HOME)
        await page.click(f"{HOME} button[data-action-id=go]")
        (body,) = await inbox.first(1)
        assert body["view"]["type"] == "home"
        await page.click(f"{HOME} [aria-label=Close]")
        await gone(page, HOME)
