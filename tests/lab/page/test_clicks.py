"""What happens on the screen and in the app when an element of a message is used."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from bot.lab.values import Json
from tests.browser import Page
from tests.lab.page.steps import (
    at,
    button,
    gone,
    mrkdwn,
    option,
    plain,
    says,
    section,
    send,
    visible,
)
from tests.lab.slack.apps import Inbox, connected


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def listening(app: AsyncApp, action_id: str) -> Inbox[Json]:
    """The `actions` entries that the app receives for this element."""
    inbox: Inbox[Json] = Inbox()

    @app.action(action_id)
    async def used(ack: Any, body: Json) -> None:
        await ack()
        inbox.add(body["actions"][0] | {"user": body["user"]["id"]})

    return inbox


async def test_a_click_reaches_the_app_and_spins_until_the_message_changes(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient, page: Page
) -> None:
    clicks = listening(app, "go")
    async with connected(app, slack):
        ts = await send(client, actions(button("go", "Go", value="plan-7")))
        await page.click(at(ts, "[data-action-id=go]"))
        (click,) = await clicks.first(1)
        assert (click["value"], click["block_id"], click["user"]) == ("plan-7", "row", "U0ADA")
        await visible(page, at(ts, "[aria-busy=true]"))
        await client.chat_update(channel="C0INCIDENTS", ts=ts, text="x", blocks=[section("done")])
        await says(page, at(ts), "done")
        await says(page, at(ts), "(edited)")
        await gone(page, at(ts, "[data-action-id=go]"))


async def test_a_second_click_while_it_spins_does_nothing(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient, page: Page
) -> None:
    clicks = listening(app, "go")
    async with connected(app, slack):
        ts = await send(client, actions(button("go", "Go"), button("other", "Other")))
        await visible(page, at(ts))
        twice = f"const b = document.querySelector('{at(ts, '[data-action-id=go]')}');"
        await page.evaluate(f"{{{twice} b.click(); b.click();}}")
        await clicks.first(1)
        others = listening(app, "other")
        await page.click("Other")
        await others.first(1)
        assert len(clicks.items) == 1


async def test_the_confirm_dialog_stands_before_the_click(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient, page: Page
) -> None:
    clicks = listening(app, "go")
    confirm = {
        "title": plain("Change agw-test?"),
        "text": mrkdwn("It takes *8 minutes*."),
        "confirm": plain("Change it"),
        "deny": plain("Not now"),
        "style": "danger",
    }
    async with connected(app, slack):
        ts = await send(client, actions(button("go", "Go", confirm=confirm)))
        for refusal in ("[data-testid=confirm-cancel]", "Escape"):
            await page.click(at(ts, "[data-action-id=go]"))
            await says(page, "dialog", "It takes 8 minutes.")
            await (page.press(refusal) if refusal == "Escape" else page.click(refusal))
            await gone(page, "dialog")
        assert clicks.items == []
        await page.click(at(ts, "[data-action-id=go]"))
        await page.click("[data-testid=confirm-ok]")
        await clicks.first(1)


async def test_menus_send_the_chosen_option(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient, page: Page
) -> None:
    picks, more, ticks = (listening(app, name) for name in ("pick", "more", "tick"))
    options = [option("a", "Alpha"), option("b", "Beta")]
    async with connected(app, slack):
        ts = await send(
            client,
            actions(
                {"type": "static_select", "action_id": "pick", "options": options},
                {"type": "overflow", "action_id": "more", "options": options},
                {"type": "checkboxes", "action_id": "tick", "options": options},
            ),
        )
        await visible(page, at(ts, "select"))
        await page.evaluate(
            f"{{const menu = document.querySelector('{at(ts, 'select')}');"
            " menu.value = 'b'; menu.dispatchEvent(new Event('change', {bubbles: true}));}"
        )
        assert (await picks.first(1))[0]["selected_option"]["value"] == "b"
        await page.click(at(ts, "[data-action-id=more]"))
        await page.click(at(ts, "[role=menuitem][data-value=a]"))
        assert (await more.first(1))[0]["selected_option"]["value"] == "a"
        await gone(page, at(ts, "[role=menu]"))
        await page.click(at(ts, ".choice:nth-child(2)"))
        chosen = (await ticks.first(1))[0]["selected_options"]
        assert [item["value"] for item in chosen] == ["b"]


async def test_a_click_without_an_app_ends_with_a_notice(
    client: AsyncWebClient, page: Page
) -> None:
    ts = await send(client, actions(button("go", "Go")))
    await says(page, ".offline", "agw is not connected")
    await page.click(at(ts, "[data-action-id=go]"))
    await says(page, "[data-testid=toast]", "agw did not take the click")
    await gone(page, at(ts, "[aria-busy=true]"))


async def test_the_banner_goes_when_the_app_comes(
    slack: SlackWorkspace, app: AsyncApp, page: Page
) -> None:
    await visible(page, ".offline")
    async with connected(app, slack):
        await gone(page, ".offline")
        await visible(page, "[title=agw], .presence.on")


async def test_a_click_on_what_is_gone_says_so(
    slack: SlackWorkspace, client: AsyncWebClient, page: Page
) -> None:
    ts = await send(client, actions(button("go", "Go")))
    await visible(page, at(ts))
    # A screen that has not caught up: the stream is cut and the message changes meanwhile.
    await page.evaluate("window.stale = document.querySelector('[data-action-id=go]')")
    await client.chat_update(channel="C0INCIDENTS", ts=ts, text="x", blocks=[section("decided")])
    await says(page, at(ts), "decided")
    await page.evaluate("document.querySelector('.messages').append(stale); stale.click()")
    await says(page, "[data-testid=toast]", "no longer exists")


async def test_the_focus_stays_on_a_button_whose_message_is_edited(
    client: AsyncWebClient, page: Page
) -> None:
    row = actions(button("go", "Go"), button("stop", "Stop"))
    ts = await send(client, section("step 1"), row)
    await visible(page, at(ts))
    await page.evaluate("document.querySelector('[data-action-id=stop]').focus()")
    await client.chat_update(
        channel="C0INCIDENTS", ts=ts, text="x", blocks=[section("step 2"), row]
    )
    await says(page, at(ts), "step 2")
    async with asyncio.timeout(5):
        assert await page.wait_for("document.activeElement.dataset.actionId") == "stop"


async def test_code_is_copied_whole(client: AsyncWebClient, page: Page) -> None:
    await page.allow("clipboardReadWrite", "clipboardSanitizedWrite")
    ts = await send(client, text="```\nopenssl s_client -connect 10.1.5.11:443\n```")
    await page.click(at(ts, ".copy"))
    await page.wait_for(
        f"document.querySelector('{at(ts, '.copy span')}').textContent === 'Copied'"
    )
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == "openssl s_client -connect 10.1.5.11:443"
