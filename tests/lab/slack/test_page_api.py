"""What the page in the browser asks for, and what it is told live."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from bot.lab.values import Json
from tests.lab.slack.apps import CHANNEL, connected
from tests.lab.slack.test_buttons import button, card
from tests.lab.slack.test_modals import VIEW, why

STORY = {"name": "ilb-ase", "title": "The wrong certificate", "story": ["Type /agw help"]}


@pytest.fixture
async def slack() -> AsyncIterator[SlackWorkspace]:
    async with SlackWorkspace.open(scenario_card=STORY) as workspace:
        yield workspace


@pytest.fixture
async def browser(slack: SlackWorkspace) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(slack.page_url) as session:
        yield session


async def state_of(browser: aiohttp.ClientSession, person: str) -> Json:
    async with browser.get("/lab/state", params={"as": person}) as answer:
        assert answer.status == 200
        state: Json = await answer.json()
        return state


async def tell(browser: aiohttp.ClientSession, act: str, **body: Any) -> Json:
    async with browser.post(f"/lab/{act}", json=body) as answer:
        assert answer.status == 200, await answer.text()
        said: Json = await answer.json()
        return said


async def news_of(live: aiohttp.ClientWebSocketResponse, kind: str) -> Json:
    """The next news of that type."""
    while True:
        news: Json = await live.receive_json(timeout=5)
        if news["type"] == kind:
            return news


async def test_the_state_is_what_one_person_sees(
    slack: SlackWorkspace, browser: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    await slack.post("U0BEN", CHANNEL, "hello")
    await client.chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="only Ada")
    await slack.post("U0BEN", CHANNEL, "bye")

    ada, ben = await state_of(browser, "U0ADA"), await state_of(browser, "U0BEN")
    assert [m["text"] for m in ada["messages"][CHANNEL]] == ["hello", "only Ada", "bye"]
    assert ada["messages"][CHANNEL][1]["is_ephemeral"]
    assert [m["text"] for m in ben["messages"][CHANNEL]] == ["hello", "bye"]
    assert ada["me"] == {
        "id": "U0ADA",
        "name": "ada",
        "real_name": "Ada Park",
        "title": "Network on-call",
        "initials": "AP",
        "color": "3b7a57",
        "is_bot": False,
        "approver": True,
    }
    assert ada["team"] == {"id": "T0LAB", "name": "Contoso"}
    assert [person["id"] for person in ada["people"]] == ["U0ADA", "U0BEN", "U0AGW"]
    assert ada["groups"] == [{"id": "S0NETOPS", "handle": "netops"}]
    assert ada["commands"][0]["command"] == "/agw"
    assert ada["scenario"] == STORY
    assert ada["connected"] is False


async def test_posts_edits_and_deletions_are_told_live(
    slack: SlackWorkspace, browser: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    async with browser.ws_connect("/lab/live?as=U0BEN") as live:
        assert await live.receive_json(timeout=5) == {"type": "connected", "connected": False}
        posted = await tell(browser, "post", **{"as": "U0BEN", "channel": CHANNEL, "text": "a & b"})
        news = await news_of(live, "message")
        assert (news["message"]["ts"], news["message"]["text"]) == (posted["ts"], "a &amp; b")
        assert news["message"]["channel"] == CHANNEL

        await client.chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="not for Ben")
        answer = await client.chat_postMessage(channel=CHANNEL, text="x", thread_ts=posted["ts"])
        assert (await news_of(live, "message"))["message"]["text"] == "x"
        assert (await news_of(live, "message_changed"))["message"]["reply_count"] == 1
        await client.chat_delete(channel=CHANNEL, ts=answer["ts"])
        assert await news_of(live, "message_deleted") == {
            "type": "message_deleted",
            "channel": CHANNEL,
            "ts": answer["ts"],
        }


async def test_a_command_is_typed_as_a_message(
    slack: SlackWorkspace, browser: aiohttp.ClientSession, app: AsyncApp
) -> None:
    @app.command("/agw")
    async def answer(ack: Any) -> None:
        await ack("Here I am")

    ada = {"as": "U0ADA", "channel": CHANNEL}
    async with connected(app, slack):
        assert await tell(browser, "post", text="/agw help", **ada) == {"ok": True}
        refused = await tell(browser, "post", text="/agw help", thread_ts="1.0", **ada)
    assert refused["error"] == "not_supported_in_threads"
    assert slack.ephemerals("U0ADA", CHANNEL)[0]["text"] == "Here I am"
    unknown = await tell(browser, "post", text="/sing", **ada)
    assert unknown == {
        "ok": False,
        "error": "unknown_command",
        "text": "/sing failed (unknown_command)",
    }


async def test_a_click_and_a_modal_from_the_page(
    slack: SlackWorkspace, browser: aiohttp.ClientSession, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.action("approve")
    async def approve(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=VIEW)

    @app.view("reason")
    async def submitted(ack: Any, view: Any) -> None:
        if view["state"]["values"]["why"]["text"]["value"] == "no":
            await ack(response_action="errors", errors={"why": "Say more"})
        else:
            await ack()

    blocks = card(button("approve"))
    ts = (await client.chat_postMessage(channel=CHANNEL, text="A", blocks=blocks))["ts"]
    where = {"as": "U0ADA", "channel": CHANNEL, "ts": ts, "block_id": "choices"}
    async with connected(app, slack), browser.ws_connect("/lab/live?as=U0ADA") as live:
        assert await tell(browser, "action", action_id="approve", **where) == {"ok": True}
        view = (await news_of(live, "view_opened"))["view"]
        assert (await state_of(browser, "U0ADA"))["views"][0]["id"] == view["id"]

        modal = {"as": "U0ADA", "view_id": view["id"]}
        refused = await tell(browser, "view_submit", values=why("no"), **modal)
        assert refused == {"ok": False, "errors": {"why": "Say more"}}
        assert (await news_of(live, "view_errors"))["errors"] == {"why": "Say more"}
        assert await tell(browser, "view_submit", values=why("It is down"), **modal) == {"ok": True}
        assert await news_of(live, "view_closed") == {"type": "view_closed", "view_id": view["id"]}

        gone = await tell(browser, "view_close", **modal)
        assert (gone["ok"], gone["error"]) == (False, "not_found")
        nothing = await tell(browser, "action", action_id="reject", **where)
        assert (nothing["ok"], nothing["error"]) == (False, "not_found")


async def test_a_modal_can_be_closed_from_the_page(
    slack: SlackWorkspace, browser: aiohttp.ClientSession, app: AsyncApp
) -> None:
    @app.command("/agw")
    async def open_(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=VIEW)

    async with connected(app, slack):
        await slack.command("U0BEN", CHANNEL, "/agw")
        view = (await slack.wait_for(lambda: slack.views("U0BEN")))[0]
        assert await tell(browser, "view_close", **{"as": "U0BEN", "view_id": view["id"]}) == {
            "ok": True
        }
    assert slack.views("U0BEN") == []


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}],
    ids=["rebinding", "other site"],
)
async def test_other_sites_are_turned_away(
    slack: SlackWorkspace, browser: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    body = {"as": "U0ADA", "channel": CHANNEL, "text": "injected"}
    async with browser.post("/lab/post", json=body, headers=headers) as answer:
        assert answer.status == 403
    assert slack.messages(CHANNEL) == []
    own = {"Origin": slack.page_url.rstrip("/")}
    async with browser.post("/lab/post", json=body, headers=own) as answer:
        assert answer.status == 200


async def test_the_page_is_served_and_stays_in_its_folder(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
    async with browser.get("/static/../server.py") as answer:
        assert answer.status == 404
    async with browser.get("/static/%2e%2e/server.py") as answer:
        assert answer.status in (403, 404)


async def test_a_wrong_place_is_said_and_a_wrong_request_refused(
    browser: aiohttp.ClientSession,
) -> None:
    ada = {"as": "U0ADA", "text": "x"}
    assert (await tell(browser, "post", channel="C0NONE", **ada))["error"] == "channel_not_found"
    lost = await tell(browser, "post", channel=CHANNEL, thread_ts="1.0", **ada)
    assert lost["error"] == "thread_not_found"
    async with browser.post("/lab/post", json=ada) as answer:
        assert (answer.status, await answer.text()) == (400, "channel is missing")


@pytest.mark.parametrize("person", ["U0AGW", "U0NOBODY", ""])
async def test_only_people_can_be_acted_as(browser: aiohttp.ClientSession, person: str) -> None:
    async with browser.get("/lab/state", params={"as": person}) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("act", ["post", "action", "view_submit", "view_close"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"as": ["U0ADA"]}',
        b'{"as": "U0ADA", "channel": "C0INCIDENTS", "text": "x", "thread_ts": {}}',
        b'{"as": "U0ADA", "channel": "C0INCIDENTS", "ts": [], "action_id": "x"}',
        b'{"as": "U0ADA", "action_id": "x", "view_id": {}}',
        b'{"as": "U0ADA", "view_id": "V1", "values": [], "text": 7}',
        b'{"as": "U0ADA", "view_id": "V1", "values": {"b": {"a": 7}}, "text": 7}',
        b"{}",
    ],
)
async def test_what_is_no_request_is_refused_as_such(
    browser: aiohttp.ClientSession, act: str, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    async with browser.post(f"/lab/{act}", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert (await answer.text()).strip()


@pytest.mark.parametrize("values", [[], 7, "x", {"b": 7}, {"b": {"a": 7}}])
async def test_a_modal_takes_only_what_inputs_hold(
    browser: aiohttp.ClientSession, values: Any
) -> None:
    body = {"as": "U0ADA", "view_id": "V1", "values": values}
    async with browser.post("/lab/view_submit", json=body) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("kind", ["static_select", "checkboxes", "external_select"])
@pytest.mark.parametrize("wanted", [None, 7, "x", [], {}, [7], {"value": []}, [{"text": "o"}]])
async def test_a_choice_that_there_is_not_is_said(
    browser: aiohttp.ClientSession, client: AsyncWebClient, kind: str, wanted: Any
) -> None:
    options = [{"text": {"type": "plain_text", "text": "o"}, "value": "o"}]
    more = {"min_query_length": 0} if kind == "external_select" else {"options": options}
    element = {"type": kind, "action_id": "a", **more}
    blocks = [{"type": "actions", "block_id": "b", "elements": [element]}]
    posted = await client.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)
    use = {"as": "U0ADA", "channel": CHANNEL, "ts": posted["ts"], "action_id": "a"}
    said = await tell(browser, "action", **use, selected_option=wanted)
    assert said["ok"] is False
