"""Writing: messages, mentions, commands, what was sent before."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.lab.slack import SlackWorkspace
from tests.browser import Page
from tests.lab.page.steps import CHANNEL, ELSEWHERE, gone, says, texts, visible
from tests.lab.slack.apps import Inbox, connected

BOX = "[data-testid=composer]"
VALUE = f"document.querySelector('{BOX}').value"
LIST = ".channel [data-testid=suggestions]"


async def said(slack: SlackWorkspace, number: int = 1) -> list[str]:
    """The texts in the channel, as soon as there are so many."""
    await slack.wait_for(lambda: len(slack.messages(CHANNEL)) >= number)
    return [message["text"] for message in slack.messages(CHANNEL)]


async def test_enter_sends_and_shift_enter_makes_a_line(slack: SlackWorkspace, page: Page) -> None:
    await page.type(BOX, "one")
    await page.press("Shift+Enter")
    await page.type(BOX, "two & <three>")
    await page.press("Enter")
    assert await said(slack) == ["one\ntwo &amp; &lt;three&gt;"]
    await says(page, ".message", "one\ntwo & <three>")
    assert await page.evaluate(VALUE) == ""


async def test_an_empty_message_is_not_sent(slack: SlackWorkspace, page: Page) -> None:
    await page.type(BOX, "   ")
    await page.press("Enter")
    await page.type(BOX, "something")
    await page.press("Enter")
    assert await said(slack) == ["something"]


async def test_a_mention_is_completed_and_sent_as_slack_sends_it(
    slack: SlackWorkspace, page: Page
) -> None:
    await page.type(BOX, "@a")
    await visible(page, LIST)
    assert await texts(page, f"{LIST} strong") == ["Ada Park", "agw"]
    await page.press("ArrowDown")
    await page.press("Enter")
    assert await page.evaluate(VALUE) == "@agw "
    await gone(page, LIST)
    await page.type(BOX, "502 from gateway agw-test, not me@ada.example")
    await page.press("Enter")
    assert await said(slack) == [
        "<@U0AGW> 502 from gateway agw-test, not <mailto:me@ada.example|me@ada.example>"
    ]
    await says(page, ".message .mention", "@agw")


async def test_a_command_is_hinted_completed_and_run(
    slack: SlackWorkspace, app: AsyncApp, page: Page
) -> None:
    commands: Inbox[str] = Inbox()

    @app.command("/agw")
    async def run(ack: Any, command: dict[str, str]) -> None:
        await ack(f"You said {command['text']}")
        commands.add(command["text"])

    async with connected(app, slack):
        await page.type(BOX, "/a")
        await says(page, LIST, "/agw diagnose <gateway>")
        await page.press("Tab")
        await page.type(BOX, "dia")
        await says(page, LIST, "<gateway>")
        await page.press("Enter")
        assert await page.evaluate(VALUE) == "/agw diagnose "
        await page.type(BOX, "agw-test")
        await page.press("Enter")
        assert await commands.first(1) == ["diagnose agw-test"]
        await says(page, "[data-ephemeral=true]", "You said diagnose agw-test")


async def test_a_complete_command_needs_one_enter_only(
    slack: SlackWorkspace, app: AsyncApp, page: Page
) -> None:
    commands: Inbox[str] = Inbox()

    @app.command("/agw")
    async def run(ack: Any, command: dict[str, str]) -> None:
        await ack()
        commands.add(command["text"])

    async with connected(app, slack):
        for text in ("/agw", "/agw ", "/agw help"):
            await page.type(BOX, text)
            await page.press("Enter")
        assert await commands.first(3) == ["", "", "help"]


async def test_a_command_that_fails_comes_back_with_a_notice(
    slack: SlackWorkspace, page: Page
) -> None:
    await page.type(BOX, "/agw diagnose x")
    await page.press("Enter")
    await says(page, "[data-testid=toast]", "/agw failed")
    await page.wait_for(f"{VALUE} === '/agw diagnose x'")


async def test_arrow_up_recalls_what_was_sent(slack: SlackWorkspace, page: Page) -> None:
    for text in ("first", "second"):
        await page.type(BOX, text)
        await page.press("Enter")
    await said(slack, 2)
    recalled = []
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"):
        await page.press(key)
        recalled.append(await page.evaluate(VALUE))
    assert recalled == ["second", "first", "first", "second", ""]


async def test_each_place_keeps_its_draft(page: Page) -> None:
    await page.type(BOX, "unfinished")
    await page.click(f"[data-channel={ELSEWHERE}]")
    await says(page, "h1", "general")
    assert await page.evaluate(VALUE) == ""
    await page.click(f"[data-channel={CHANNEL}]")
    await says(page, "h1", "incidents")
    assert await page.evaluate(VALUE) == "unfinished"


async def test_the_box_grows_with_its_text(page: Page) -> None:
    height = f"document.querySelector('{BOX}').offsetHeight"
    before = await page.evaluate(height)
    async with asyncio.timeout(10):
        for _ in range(3):
            await page.type(BOX, "line")
            await page.press("Shift+Enter")
    assert await page.evaluate(height) > before + 40
