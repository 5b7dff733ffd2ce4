"""Buttons and menus: what is on the screen can be used, and the app learns all about it."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import NoSuchElement, SlackWorkspace
from tests.lab.slack.apps import CHANNEL, connected, impatient


def button(action_id: str, value: str = "v1") -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Approve"}
    return {"type": "button", "text": text, "action_id": action_id, "value": value}


def card(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "choices", "elements": list(elements)}]


async def test_a_click_carries_the_button_the_message_and_the_person(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient
) -> None:
    seen: list[dict[str, Any]] = []

    @app.action("approve")
    async def approve(ack: Any, body: Any) -> None:
        await ack()
        seen.append(body)

    posted = await client.chat_postMessage(
        channel=CHANNEL, text="A plan", blocks=card(button("approve", "plan-7"))
    )
    async with connected(app, slack):
        result = await slack.click("U0ADA", CHANNEL, posted["ts"], "approve")

    assert result.ok
    body = seen[0]
    assert body["actions"][0] | {"action_ts": ""} == {
        "type": "button",
        "action_id": "approve",
        "block_id": "choices",
        "text": {"type": "plain_text", "text": "Approve"},
        "value": "plan-7",
        "action_ts": "",
    }
    assert body["user"] == {"id": "U0ADA", "username": "ada", "name": "ada", "team_id": "T0LAB"}
    assert body["message"]["text"] == "A plan"
    assert body["container"]["message_ts"] == posted["ts"]
    assert body["channel"] == {"id": CHANNEL, "name": "incidents"}
    assert body["response_url"].startswith(slack.page_url)


async def test_a_button_that_is_gone_cannot_be_clicked_but_a_stale_card_can(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient
) -> None:
    values: list[str] = []

    @app.action("approve")
    async def approve(ack: Any, action: Any) -> None:
        await ack()
        values.append(action["value"])

    posted = await client.chat_postMessage(
        channel=CHANNEL, text="A", blocks=card(button("approve"))
    )
    stale = slack.messages(CHANNEL)[0]
    await client.chat_update(channel=CHANNEL, ts=posted["ts"], text="Done", blocks=[])

    async with connected(app, slack):
        with pytest.raises(NoSuchElement, match="nothing"):
            await slack.click("U0ADA", CHANNEL, posted["ts"], "approve")
        assert values == []
        await slack.click("U0ADA", CHANNEL, posted["ts"], "approve", force=True, message=stale)
    assert values == ["v1"]


@impatient
async def test_a_click_that_nobody_takes_is_told_to_the_person(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient
) -> None:
    notices: list[str] = []
    slack.subscribe(
        lambda change: notices.append(change.data["text"]) if change.type == "notice" else None
    )
    posted = await client.chat_postMessage(
        channel=CHANNEL, text="A", blocks=card(button("approve"))
    )

    async with connected(app, slack):
        result = await slack.click("U0ADA", CHANNEL, posted["ts"], "approve")

    assert (result.ok, result.error) == (False, "operation_timeout")
    assert notices == ["agw did not take the click (operation_timeout). Try again."]


async def test_a_menu_gives_the_option_and_is_remembered(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient
) -> None:
    seen: list[dict[str, Any]] = []

    async def note(ack: Any, body: Any) -> None:
        await ack()
        seen.append(body)

    app.action("pick")(note)
    app.action("go")(note)
    options = [
        {"text": {"type": "plain_text", "text": name}, "value": name} for name in ("one", "two")
    ]
    menu = {"type": "static_select", "action_id": "pick", "options": options}
    posted = await client.chat_postMessage(
        channel=CHANNEL, text="Which?", blocks=card(menu, button("go"))
    )

    async with connected(app, slack):
        await slack.click("U0BEN", CHANNEL, posted["ts"], "pick", selected_option="two")
        await slack.click("U0BEN", CHANNEL, posted["ts"], "go")
        await slack.click("U0ADA", CHANNEL, posted["ts"], "go")
        with pytest.raises(NoSuchElement, match="it offers: one, two"):
            await slack.click("U0BEN", CHANNEL, posted["ts"], "pick", selected_option="three")

    assert seen[0]["actions"][0]["selected_option"] == options[1]
    chosen = [body["state"]["values"]["choices"]["pick"]["selected_option"] for body in seen]
    assert chosen == [options[1], options[1], None]


async def test_an_ephemeral_card_can_be_clicked_and_replaced_by_its_response_url(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.action("ok")
    async def ok(ack: Any, body: Any, respond: Any) -> None:
        await ack()
        assert "message" not in body
        assert body["container"]["is_ephemeral"]
        await respond(text="Thanks", replace_original=True)

    await client.chat_postEphemeral(
        channel=CHANNEL, user="U0BEN", text="Sure?", blocks=card(button("ok"))
    )
    ts = slack.ephemerals("U0BEN", CHANNEL)[0]["ts"]

    async with connected(app, slack):
        with pytest.raises(NoSuchElement):
            await slack.click("U0ADA", CHANNEL, ts, "ok")
        await slack.click("U0BEN", CHANNEL, ts, "ok")
        await slack.wait_for(lambda: slack.ephemerals("U0BEN", CHANNEL)[0]["text"] == "Thanks")

    assert slack.ephemerals("U0BEN", CHANNEL)[0]["blocks"] == []
