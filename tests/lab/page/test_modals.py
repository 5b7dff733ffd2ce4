"""Modals: opened, filled in, refused, pushed, updated, closed."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.lab.slack import SlackWorkspace
from bot.lab.values import Json
from tests.browser import Page
from tests.lab.page.steps import CHANNEL, button, gone, option, plain, says, section, visible
from tests.lab.slack.apps import Inbox, connected

MODAL = "[data-testid=modal]"


def ask(block_id: str, label: str, element: Json, **more: Any) -> Json:
    element = {"action_id": "given"} | element
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


def modal(*blocks: Json, title: str = "Approve", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "approve",
        "title": plain(title),
        "submit": plain("Go"),
        "blocks": list(blocks),
        **more,
    }


OPTIONS = [option("a", "Alpha"), option("b", "Beta")]
WHY = ask("why", "Why?", {"type": "plain_text_input", "multiline": True}, hint=plain("For the log"))
FORM = modal(
    WHY,
    ask("name", "Type the name", {"type": "plain_text_input"}, optional=True),
    ask("one", "Pick one", {"type": "static_select", "options": OPTIONS}),
    ask("radio", "Only one", {"type": "radio_buttons", "options": OPTIONS}),
    ask("some", "Some", {"type": "checkboxes", "options": OPTIONS}),
    ask("day", "Day", {"type": "datepicker", "initial_date": "2026-12-01"}),
)


@pytest.fixture
def opened(app: AsyncApp) -> list[Json]:
    """`/agw` opens the first of these views; a test puts them there."""
    views: list[Json] = []

    @app.command("/agw")
    async def open_(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=views[0])

    return views


def submissions(app: AsyncApp, *answers: Json) -> Inbox[Json]:
    """The values that are submitted; the app answers each as given, then with nothing."""
    inbox: Inbox[Json] = Inbox()
    waiting = list(answers)

    @app.view("approve")
    async def submitted(ack: Any, view: Json) -> None:
        inbox.add(view["state"]["values"])
        await (ack(**waiting.pop(0)) if waiting else ack())

    return inbox


async def test_every_kind_of_input_is_sent(
    slack: SlackWorkspace, app: AsyncApp, page: Page, opened: list[Json]
) -> None:
    opened.append(FORM)
    inbox = submissions(app)
    async with connected(app, slack):
        await slack.command("U0ADA", CHANNEL, "/agw approve")
        await page.type(f"{MODAL} textarea", "It is broken")
        await page.evaluate(f"document.querySelector('{MODAL} select').value = 'b'")
        await page.click(f"{MODAL} [data-block-id=radio] .choice:nth-child(1)")
        await page.click(f"{MODAL} [data-block-id=some] .choice:nth-child(2)")
        await page.click("[data-testid=modal-submit]")
        (values,) = await inbox.first(1)
        await gone(page, MODAL)
    assert values["why"]["given"] == {"type": "plain_text_input", "value": "It is broken"}
    assert values["name"]["given"]["value"] is None
    assert values["one"]["given"]["selected_option"]["value"] == "b"
    assert values["radio"]["given"]["selected_option"]["value"] == "a"
    assert [item["value"] for item in values["some"]["given"]["selected_options"]] == ["b"]
    assert values["day"]["given"]["selected_date"] == "2026-12-01"


async def test_errors_stand_under_their_inputs(
    slack: SlackWorkspace, app: AsyncApp, page: Page, opened: list[Json]
) -> None:
    opened.append(modal(WHY))
    errors = {"why": "Please say a little more."}
    inbox = submissions(app, {"response_action": "errors", "errors": errors})
    async with connected(app, slack):
        await slack.command("U0ADA", CHANNEL, "/agw approve")
        await page.click("[data-testid=modal-submit]")
        await says(page, f"{MODAL} .error", "Please complete this required field.")
        assert inbox.items == []
        await page.type(f"{MODAL} textarea", "no")
        await page.click("[data-testid=modal-submit]")
        await says(page, f"{MODAL} .error", "Please say a little more.")
        field = f"document.querySelector('{MODAL} textarea')"
        assert await page.evaluate(f"{field}.getAttribute('aria-invalid')") == "true"
        assert await page.evaluate(f"document.activeElement === {field}")
        described = await page.evaluate(
            f"document.getElementById({field}.getAttribute('aria-describedby')).textContent"
        )
        assert described == "Please say a little more."
        await page.click("[data-testid=modal-submit]")
        await gone(page, MODAL)


async def test_a_pushed_view_lies_over_the_first_and_an_update_keeps_what_was_typed(
    slack: SlackWorkspace, app: AsyncApp, page: Page, opened: list[Json]
) -> None:
    opened.append(modal(WHY, {"type": "actions", "elements": [button("check", "Check")]}))
    second = modal(section("Really?"), title="Second")
    submissions(app, {"response_action": "push", "view": second})

    @app.action("check")
    async def check(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_update(
            view_id=body["view"]["id"], view=modal(WHY, section("Checked"), title="First")
        )

    async with connected(app, slack):
        await slack.command("U0ADA", CHANNEL, "/agw approve")
        await page.type(f"{MODAL} textarea", "typed before")
        await page.click("Check")
        await says(page, MODAL, "Checked")
        assert (
            await page.evaluate(f"document.querySelector('{MODAL} textarea').value")
            == "typed before"
        )
        await page.click("[data-testid=modal-submit]")
        await says(page, MODAL, "Really?")
        await page.click("[data-testid=modal-close]")
        await says(page, MODAL, "Checked")
        await page.press("Escape")
        await gone(page, MODAL)
        assert slack.views("U0ADA") == []


async def test_a_modal_is_still_there_after_a_reload_and_only_for_its_person(
    slack: SlackWorkspace, app: AsyncApp, page: Page, opened: list[Json]
) -> None:
    opened.append(modal(WHY))
    async with connected(app, slack):
        await slack.command("U0ADA", CHANNEL, "/agw approve")
        await visible(page, MODAL)
        await page.goto(f"{slack.page_url}?as=U0BEN")
        await says(page, "[data-testid=acting]", "Ben Cole")
        await gone(page, MODAL)
        await page.goto(f"{slack.page_url}?as=U0ADA")
        await visible(page, MODAL)
