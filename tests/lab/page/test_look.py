"""How it looks: sizes of window, colours that can be read, keyboard and screen reader."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from bot.lab.values import Json
from tests.browser import Page, open_page
from tests.lab.page.steps import (
    at,
    button,
    count,
    enter,
    gone,
    mrkdwn,
    plain,
    section,
    send,
    visible,
)

CARD: list[Json] = [
    {"type": "header", "text": plain(":x: agw-test cannot trust its backend")},
    section("Served by `10.1.5.11`, see <https://a.example|why>:\n&gt; it isn't allow-listed"),
    {"type": "section", "fields": [mrkdwn("*SHA-256*\n`" + "8f3a91c2" * 8 + "`"), mrkdwn("*b*")]},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_preformatted",
                "elements": [{"type": "text", "text": "openssl s_client " * 20}],
            }
        ],
    },
    {
        "type": "actions",
        "elements": [
            button("go", "Upload the ILB certificate", style="primary"),
            button("cer", "Get the .cer"),
            button("no", "Reject", style="danger"),
        ],
    },
    {"type": "context", "elements": [mrkdwn("asked by <@U0ADA> and <@U0BEN> | `agw-test`")]},
]

# Each text that is seen with less contrast than WCAG 2.2 wants of it (1.4.3, level AA).
FAINT = """(() => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgba = (color) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const over = ([r, g, b, a], ground) =>
        [r, g, b].map((part, i) => (part * a + ground[i] * (255 - a)) / 255);
    const ground = (node) => {
        if (!node) return [255, 255, 255];
        const [r, g, b, a] = rgba(getComputedStyle(node).backgroundColor);
        return a === 255 ? [r, g, b] : over([r, g, b, a], ground(node.parentElement));
    };
    const light = (rgb) => rgb.map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        const text = walker.currentNode.textContent.trim();
        if (!text || !node.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
        const style = getComputedStyle(node);
        if (style.backgroundImage !== "none" || node.closest(".quiet, [aria-hidden=true]")) continue;
        const back = ground(node);
        const pair = [light(over(rgba(style.color), back)), light(back)].sort((a, b) => b - a);
        const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)} ${text.slice(0, 40)}`);
    }
    return faint;
})()"""

# What a keyboard can reach and a screen reader cannot name.
NAMELESS = """[...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((node) => node.checkVisibility({visibilityProperty: true}))
    .filter((node) => !(node.getAttribute("aria-label") || node.getAttribute("aria-labelledby")
        || node.textContent.trim() || node.labels?.length))
    .map((node) => node.outerHTML.slice(0, 120))"""


async def show_all(client: AsyncWebClient, page: Page) -> str:
    """A card, its thread open, an ephemeral message, another channel unread."""
    ts = await send(client, *CARD)
    await send(client, *CARD, thread_ts=ts)
    await send(client, channel="C0GENERAL", text="unread")
    await client.chat_postEphemeral(channel="C0INCIDENTS", user="U0ADA", text="only you, *really*")
    await visible(page, "[data-ephemeral=true]")
    return ts


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_every_text_can_be_read(client: AsyncWebClient, page: Page, dark: bool) -> None:
    await page.look(1440, 900, dark=dark)
    ts = await show_all(client, page)
    await page.click(at(ts, "[data-thread-link]"))
    await visible(page, "[data-testid=thread]")
    # What fades in is not judged while it does.
    await page.wait_for("document.getAnimations().length === 0")
    assert await page.evaluate(FAINT) == []
    assert await page.evaluate(NAMELESS) == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 800), (800, 600), (390, 844)])
async def test_nothing_sticks_out_of_the_window(
    client: AsyncWebClient, page: Page, width: int, height: int
) -> None:
    await page.look(width, height)
    ts = await show_all(client, page)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert await page.evaluate(fits)
    for area in (".channel .messages", ".composer-box"):
        box = f"document.querySelector('{area}')"
        assert await page.evaluate(f"{box}.scrollWidth <= {box}.clientWidth"), area
        assert await page.evaluate(f"{box}.getBoundingClientRect().right <= innerWidth"), area
    await page.click(at(ts, "[data-thread-link]"))
    await visible(page, "[data-testid=thread]")
    assert await page.evaluate(fits)
    await page.click("[data-testid=thread-close]")
    await gone(page, "[data-testid=thread]")


async def test_on_a_phone_the_sidebar_is_a_drawer(slack: SlackWorkspace) -> None:
    async with open_page(390, 844) as page:
        await enter(page, slack)
        await gone(page, "[data-as=U0BEN]")
        await page.click("[data-testid=acting]")
        await page.click("[data-as=U0BEN]")
        await page.wait_for("document.getElementById('app').dataset.ready === 'U0BEN'")
        await gone(page, "[data-as=U0BEN]")
        await page.click("[aria-label='Open the sidebar']")
        await page.click("[data-channel=C0GENERAL]")
        await gone(page, "[data-as=U0BEN]")
        assert await page.text("h1") == "general"
        assert page.errors == []


async def test_fields_stand_below_each_other_on_a_phone(client: AsyncWebClient, page: Page) -> None:
    await page.look(390, 844)
    ts = await send(client, *CARD)
    await visible(page, at(ts))
    lefts = await page.evaluate(
        "[...document.querySelectorAll('.field-block')].map((f) => f.getBoundingClientRect().left)"
    )
    assert lefts[0] == lefts[1]


async def test_the_keyboard_shows_where_it_is(client: AsyncWebClient, page: Page) -> None:
    ts = await send(client, *CARD)
    await visible(page, at(ts))
    await page.evaluate("document.querySelector('[data-action-id=go]').focus()")
    await page.press("Tab")
    focused = "document.activeElement"
    assert await page.evaluate(f"{focused}.dataset.actionId") == "cer"
    assert await page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"


async def test_nothing_comes_from_outside(page: Page) -> None:
    origins = await page.evaluate(
        "[...new Set(performance.getEntriesByType('resource').map(({name}) => new URL(name).origin))]"
    )
    assert origins == [await page.evaluate("location.origin")]
    assert await count(page, "script:not([src]), style") == 0
