"""The thread on the right."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from tests.browser import Page
from tests.lab.page.steps import CHANNEL, at, count, gone, says, section, send, texts, visible

THREAD = "[data-testid=thread]"


async def test_replies_are_counted_in_the_channel_and_read_in_the_thread(
    client: AsyncWebClient, page: Page
) -> None:
    card = await send(client, section("The card"))
    await send(client, text="first", thread_ts=card)
    await says(page, at(card, "[data-thread-link]"), "1 reply")
    await gone(page, THREAD)
    await page.click(at(card, "[data-thread-link]"))
    await says(page, THREAD, "The card")
    await send(client, text="second", thread_ts=card)
    await says(page, f"{THREAD} .replies", "2 replies")
    assert await texts(page, f"{THREAD} .message .words .para") == ["The card", "first", "second"]
    assert await count(page, ".channel .message") == 1
    assert await count(page, f"{THREAD} [data-thread-link], {THREAD} [data-reply]") == 0


async def test_a_reply_is_written_in_the_thread(
    slack: SlackWorkspace, client: AsyncWebClient, page: Page
) -> None:
    card = await send(client, section("The card"))
    await visible(page, at(card))
    await page.click(f'[data-reply="{card}"]')
    await says(page, f"{THREAD} .replies", "No replies yet")
    assert await page.evaluate("document.activeElement.dataset.testid") == "thread-composer"
    await page.type("[data-testid=thread-composer]", "Looks right to me")
    await page.press("Enter")
    await says(page, f"{THREAD} .messages", "Looks right to me")
    assert slack.messages(CHANNEL, card)[-1]["text"] == "Looks right to me"


async def test_a_command_in_a_thread_is_refused_and_comes_back(
    client: AsyncWebClient, page: Page
) -> None:
    card = await send(client, section("The card"))
    await visible(page, at(card))
    await page.click(f'[data-reply="{card}"]')
    await page.type("[data-testid=thread-composer]", "/agw help me")
    await page.press("Enter")
    await says(page, "[data-testid=toast]", "not supported in threads")
    value = "document.querySelector('[data-testid=thread-composer]').value"
    assert await page.evaluate(value) == "/agw help me"


async def test_closing_the_thread_gives_the_focus_back(client: AsyncWebClient, page: Page) -> None:
    card = await send(client, section("The card"))
    await send(client, text="first", thread_ts=card)
    await page.click(at(card, "[data-thread-link]"))
    await visible(page, THREAD)
    await page.press("Escape")
    await gone(page, THREAD)
    assert await page.evaluate("document.activeElement.dataset.threadLink") == card


async def test_what_only_one_person_sees_in_a_thread(client: AsyncWebClient, page: Page) -> None:
    card = await send(client, section("The card"))
    await send(client, text="first", thread_ts=card)
    await page.click(at(card, "[data-thread-link]"))
    await client.chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="psst", thread_ts=card)
    await says(page, f"{THREAD} [data-ephemeral=true]", "psst")
    assert await count(page, ".channel [data-ephemeral=true]") == 0


async def test_a_card_that_is_edited_changes_in_both_places(
    client: AsyncWebClient, page: Page
) -> None:
    card = await send(client, section("working"))
    await send(client, text="first", thread_ts=card)
    await page.click(at(card, "[data-thread-link]"))
    await says(page, THREAD, "working")
    await client.chat_update(channel=CHANNEL, ts=card, text="x", blocks=[section("healthy")])
    await says(page, ".channel", "healthy")
    await says(page, THREAD, "healthy")
