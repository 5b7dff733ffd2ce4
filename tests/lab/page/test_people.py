"""Whose screen it is: acting as another person, what only one sees, unread marks, the guide."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from tests.browser import Page, open_page
from tests.lab.page.steps import (
    CHANNEL,
    ELSEWHERE,
    at,
    count,
    enter,
    gone,
    ready,
    says,
    send,
    texts,
    visible,
)


async def test_one_acts_as_the_other_person(slack: SlackWorkspace, page: Page) -> None:
    await page.click("[data-as=U0BEN]")
    await ready(page, "U0BEN")
    assert await texts(page, "[aria-pressed=true] strong") == ["Ben Cole"]
    await page.type("[data-testid=composer]", "It is down for me")
    await page.press("Enter")
    await page.wait_for("document.querySelector('[data-user=U0BEN]')")
    (message,) = slack.messages(CHANNEL)
    assert (message["user"], message["text"]) == ("U0BEN", "It is down for me")
    assert await page.evaluate("new URL(location).searchParams.get('as')") == "U0BEN"


async def test_who_may_approve_is_plain_to_see(page: Page) -> None:
    assert await texts(page, ".actor .role") == ["Approver", "Not an approver"]


async def test_an_ephemeral_message_is_on_one_screen_only(
    slack: SlackWorkspace, client: AsyncWebClient, page: Page
) -> None:
    await client.chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="You may *not*.")
    await says(page, "[data-ephemeral=true]", "Only visible to you")
    await says(page, "[data-ephemeral=true]", "You may not.")
    ts = await send(client, text="for all")
    await page.click("[data-as=U0BEN]")
    await ready(page, "U0BEN")
    await visible(page, at(ts))
    assert await count(page, "[data-ephemeral=true]") == 0
    await page.click("[data-as=U0ADA]")
    await visible(page, "[data-ephemeral=true]")


async def test_another_channel_shows_how_much_is_unread(client: AsyncWebClient, page: Page) -> None:
    row = f"[data-channel={ELSEWHERE}]"
    await send(client, channel=ELSEWHERE, text="one")
    await send(client, channel=ELSEWHERE, text="two, <@U0ADA>")
    await says(page, f"{row} .mention-count", "2")
    await page.wait_for("document.title === '(2) Contoso | agw lab'")
    await page.click(row)
    await says(page, "h1", "general")
    await says(page, ".messages", "two, @ada")
    await gone(page, f"{row} .count")
    assert await page.evaluate("document.title") == "Contoso | agw lab"
    assert await page.evaluate("document.activeElement.dataset.channel") == ELSEWHERE


async def test_a_channel_link_and_a_permalink_lead_there(
    client: AsyncWebClient, page: Page
) -> None:
    parent = await send(client, channel=ELSEWHERE, text="the card")
    reply = await send(client, channel=ELSEWHERE, text="the evidence", thread_ts=parent)
    answer = await client.chat_getPermalink(channel=ELSEWHERE, message_ts=reply)
    ts = await send(client, text=f"In <#{ELSEWHERE}>: <{answer['permalink']}|this reply>")
    await page.click(at(ts, "a"))
    await says(page, "h1", "general")
    await says(page, "[data-testid=thread]", "the evidence")
    await page.click(f"[data-channel={CHANNEL}]")
    await page.click(at(ts, "button.mention"))
    await says(page, "h1", "general")


async def test_the_guides_commands_go_into_the_message_box(page: Page) -> None:
    await says(page, "[data-testid=guide-card]", "502 from a gateway")
    value = "document.querySelector('[data-testid=composer]').value"
    for text in ("/agw diagnose agw-test", "502 from gateway agw-test"):
        await page.click(text)
        assert await page.evaluate(value) == text
    assert await page.evaluate("document.activeElement.id") == "composer"


async def test_a_closed_guide_stays_closed_until_it_is_asked_for(
    slack: SlackWorkspace, page: Page
) -> None:
    await page.click("[aria-label='Close the guide']")
    await gone(page, "[data-testid=guide-card]")
    await enter(page, slack)
    assert await count(page, "[data-testid=guide-card]") == 0
    await page.click("[data-testid=guide]")
    await visible(page, "[data-testid=guide-card]")


async def test_two_browsers_see_each_other(slack: SlackWorkspace, page: Page) -> None:
    async with open_page() as other:
        await enter(other, slack, "U0BEN")
        await other.type("[data-testid=composer]", "Hello Ada")
        await other.press("Enter")
        await says(page, ".messages", "Hello Ada")
        assert other.errors == []
