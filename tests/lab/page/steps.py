"""What tests of the page do again and again."""

import json
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from bot.lab.values import Json
from tests.browser import Page

CHANNEL = "C0INCIDENTS"
ELSEWHERE = "C0GENERAL"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": "v", **more}


def option(value: str, text: str) -> Json:
    return {"value": value, "text": plain(text)}


async def enter(page: Page, slack: SlackWorkspace, person: str = "U0ADA") -> None:
    """Open the page as that person and wait until everything is there."""
    await page.goto(f"{slack.page_url}?as={person}")
    await ready(page, person)


async def ready(page: Page, person: str) -> None:
    """Wait until that person's screen is drawn."""
    await page.wait_for(f"document.getElementById('app').dataset.ready === '{person}'")


async def send(
    client: AsyncWebClient, *blocks: Json, channel: str = CHANNEL, text: str = "text", **more: Any
) -> str:
    """A message of the bot; its timestamp."""
    answer = await client.chat_postMessage(
        channel=channel, text=text, blocks=list(blocks) or None, **more
    )
    return str(answer["ts"])


def at(ts: str, inside: str = "") -> str:
    """The selector of a message, or of something inside it."""
    return f'[data-ts="{ts}"] {inside}'.strip()


async def visible(page: Page, selector: str) -> None:
    """Wait until that is on the screen."""
    found = f"document.querySelector({json.dumps(selector)})"
    await page.wait_for(f"{found}?.checkVisibility({{visibilityProperty: true}})")


async def gone(page: Page, selector: str) -> None:
    """Wait until that is not on the screen, or not any more."""
    found = f"document.querySelector({json.dumps(selector)})"
    await page.wait_for(f"!{found}?.checkVisibility({{visibilityProperty: true}})")


async def says(page: Page, selector: str, text: str) -> None:
    """Wait until that element's visible text contains this."""
    found = f"document.querySelector({json.dumps(selector)})?.innerText"
    await page.wait_for(f"{found}?.includes({json.dumps(text)})")


async def texts(page: Page, selector: str) -> list[str]:
    """The visible texts of all that the selector finds."""
    found = f"[...document.querySelectorAll({json.dumps(selector)})]"
    return list(await page.evaluate(f"{found}.map((node) => node.innerText)"))


async def count(page: Page, selector: str) -> int:
    """How many there are."""
    return int(await page.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length"))
