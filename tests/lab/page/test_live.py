"""The live stream: scrolling, gaps, what screen readers hear."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from tests.browser import Page
from tests.lab.page.steps import CHANNEL, at, gone, ready, says, section, send, visible
from tests.lab.page.tunnel import Tunnel

LIST = "document.querySelector('.channel .messages')"
AT_END = f"{LIST}.scrollHeight - {LIST}.clientHeight - {LIST}.scrollTop < 2"


async def fill(client: AsyncWebClient, page: Page) -> str:
    """More messages than the window holds; the last one."""
    for number in range(30):
        ts = await send(client, section(f"message {number}"))
    await visible(page, at(ts))
    return ts


async def test_the_list_stays_at_its_end(client: AsyncWebClient, page: Page) -> None:
    ts = await fill(client, page)
    await page.wait_for(AT_END)
    await client.chat_update(
        channel=CHANNEL, ts=ts, text="x", blocks=[section("tall\n" * 12 + "end")]
    )
    await says(page, at(ts), "end")
    await page.wait_for(AT_END)
    await page.look(1280, 500)
    await page.wait_for(AT_END)


async def test_who_reads_further_up_is_left_there(client: AsyncWebClient, page: Page) -> None:
    await fill(client, page)
    await page.wait_for(AT_END)
    await page.evaluate(f"{LIST}.scrollTop = 100")
    await page.wait_for(f"!({AT_END})")
    ts = await send(client, section("news"))
    await visible(page, ".jump")
    assert await page.evaluate(f"{LIST}.scrollTop") == 100
    await page.click(".jump")
    await page.wait_for(AT_END)
    await visible(page, at(ts))
    await gone(page, ".jump")


async def test_a_deleted_message_goes(client: AsyncWebClient, page: Page) -> None:
    ts = await send(client, section("oops"))
    await visible(page, at(ts))
    await client.chat_delete(channel=CHANNEL, ts=ts)
    await gone(page, at(ts))


async def test_an_interruption_is_bridged(
    slack: SlackWorkspace, client: AsyncWebClient, page: Page
) -> None:
    """The line breaks, a message is edited and one is new, the line comes back."""
    ts = await send(client, section("before"))
    async with Tunnel.open(slack.page_url) as tunnel:
        await page.goto(tunnel.url)
        await visible(page, at(ts))
        await tunnel.cut()
        await visible(page, ".reconnecting")
        await client.chat_update(channel=CHANNEL, ts=ts, text="x", blocks=[section("edited")])
        missed = await send(client, section("missed"))
        assert await page.text(at(ts, ".words")) == "before"
        await tunnel.mend()
        await says(page, at(ts), "edited")
        await visible(page, at(missed))
        await gone(page, ".reconnecting")
        # Whatever was asked for while the line was broken was refused; nothing else went wrong.
        broken = ("WebSocket connection", "net::ERR_CONNECTION_REFUSED")
        assert all(any(it in error for it in broken) for error in page.errors), page.errors
        page.errors.clear()


async def test_nothing_is_sent_while_the_line_is_broken(slack: SlackWorkspace, page: Page) -> None:
    async with Tunnel.open(slack.page_url) as tunnel:
        await page.goto(tunnel.url)
        await ready(page, "U0ADA")
        await tunnel.cut()
        await page.type("[data-testid=composer]", "can you hear me?")
        await page.press("Enter")
        await says(page, "[data-testid=toast]", "The lab did not answer")
        value = "document.querySelector('[data-testid=composer]').value"
        assert await page.evaluate(value) == "can you hear me?"
        page.errors.clear()


async def test_a_screen_that_could_not_be_fetched_is_fetched_again(
    slack: SlackWorkspace, page: Page
) -> None:
    await page.send("Network.enable")
    await page.send("Network.setBlockedURLs", urls=["*/lab/state*"])
    await page.goto(slack.page_url)
    await visible(page, ".reconnecting")
    await page.send("Network.setBlockedURLs", urls=[])
    await ready(page, "U0ADA")
    page.errors.clear()


async def test_new_messages_are_read_out(client: AsyncWebClient, page: Page) -> None:
    await send(client, section("blocks"), text="agw-test is <https://x.example|healthy> *again*")
    await page.wait_for(
        "document.getElementById('announcer').textContent === 'agw: agw-test is healthy again'"
    )
