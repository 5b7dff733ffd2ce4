"""Modals: opened with a trigger, filled in, refused, answered."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.lab.slack import SlackWorkspace
from tests.lab.slack.apps import CHANNEL, connected

VIEW = {
    "type": "modal",
    "callback_id": "reason",
    "title": {"type": "plain_text", "text": "Approve"},
    "submit": {"type": "plain_text", "text": "Go"},
    "private_metadata": "plan-7",
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why?"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def why(text: str) -> dict[str, Any]:
    return {"why": {"text": {"type": "plain_text_input", "value": text}}}


def opening(app: AsyncApp, view: dict[str, Any] = VIEW) -> None:
    """`/agw` opens the modal."""

    @app.command("/agw")
    async def open_(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def open_modal(slack: SlackWorkspace) -> str:
    await slack.command("U0ADA", CHANNEL, "/agw approve")
    view = await slack.wait_for(lambda: slack.views("U0ADA"))
    return str(view[-1]["id"])


async def test_a_submitted_modal_closes_and_brings_its_values(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    views: list[dict[str, Any]] = []
    opening(app)

    @app.view("reason")
    async def submitted(ack: Any, view: Any) -> None:
        await ack()
        views.append(view)

    async with connected(app, slack):
        view_id = await open_modal(slack)
        result = await slack.submit_view("U0ADA", view_id, why("It is down"))

    assert result.ok
    assert slack.views("U0ADA") == []
    assert views[0]["state"]["values"]["why"]["text"]["value"] == "It is down"
    assert views[0]["private_metadata"] == "plan-7"


async def test_a_required_input_is_refused_before_the_app_hears_of_it(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    opening(app)
    async with connected(app, slack):
        view_id = await open_modal(slack)
        result = await slack.submit_view("U0ADA", view_id, why(""))
    assert result.errors == {"why": "Please complete this required field."}


async def test_the_app_may_refuse_update_push_and_clear(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    opening(app)
    answers: dict[str, dict[str, Any]] = {
        "errors": {"errors": {"why": "Too short"}},
        "update": {"view": VIEW | {"private_metadata": "new"}},
        "push": {"view": VIEW | {"private_metadata": "above"}},
        "clear": {},
    }

    @app.view("reason")
    async def submitted(ack: Any, view: Any) -> None:
        action = view["state"]["values"]["why"]["text"]["value"]
        await ack(response_action=action, **answers[action])

    async with connected(app, slack):
        view_id = await open_modal(slack)
        refused = await slack.submit_view("U0ADA", view_id, why("errors"))
        assert refused.errors == {"why": "Too short"}
        assert len(slack.views("U0ADA")) == 1

        await slack.submit_view("U0ADA", view_id, why("update"))
        assert slack.views("U0ADA")[0]["private_metadata"] == "new"

        await slack.submit_view("U0ADA", view_id, why("push"))
        pushed = slack.views("U0ADA")[-1]
        assert pushed["previous_view_id"] == view_id

        await slack.submit_view("U0ADA", pushed["id"], why("clear"))
        assert slack.views("U0ADA") == []


async def test_errors_for_a_block_that_the_modal_does_not_have_are_trouble(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    opening(app)

    @app.view("reason")
    async def submitted(ack: Any) -> None:
        await ack(response_action="errors", errors={"elsewhere": "No"})

    async with connected(app, slack):
        view_id = await open_modal(slack)
        result = await slack.submit_view("U0ADA", view_id, why("x"))
    assert (result.ok, result.error) == (False, "invalid_response_action")
    assert len(slack.views("U0ADA")) == 1


async def test_closing_tells_the_app_only_if_it_asked(slack: SlackWorkspace, app: AsyncApp) -> None:
    closed: list[str] = []
    views = [VIEW, VIEW | {"notify_on_close": True}]

    @app.command("/agw")
    async def open_(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=views.pop(0))

    @app.view_closed("reason")
    async def gone(ack: Any, view: Any) -> None:
        await ack()
        closed.append(view["id"])

    async with connected(app, slack):
        await slack.close_view("U0ADA", await open_modal(slack))
        assert slack.views("U0ADA") == []
        wanted = await open_modal(slack)
        await slack.close_view("U0ADA", wanted)
    assert closed == [wanted]


async def test_a_trigger_works_once_and_not_for_long(slack: SlackWorkspace, app: AsyncApp) -> None:
    errors: list[str] = []
    triggers: list[str] = []

    @app.command("/agw")
    async def command(ack: Any, body: Any) -> None:
        await ack()
        triggers.append(body["trigger_id"])

    async with connected(app, slack):
        await slack.command("U0ADA", CHANNEL, "/agw")
        await slack.command("U0ADA", CHANNEL, "/agw")
        await app.client.views_open(trigger_id=triggers[0], view=VIEW)
        slack.expire_triggers()
        for trigger in (*triggers, "123.456.abc"):
            with pytest.raises(SlackApiError) as refusal:
                await app.client.views_open(trigger_id=trigger, view=VIEW)
            errors.append(refusal.value.response["error"])

    assert errors == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]
