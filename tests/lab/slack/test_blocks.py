"""Block Kit: what Slack takes is taken, and each thing that it refuses is refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from bot.lab.slack.blockkit import Surface, block_faults, view_faults
from bot.lab.values import Json
from tests.lab.slack.apps import CHANNEL


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**keys: Any) -> Json:
    return {"type": "section", "text": mrkdwn("x")} | keys


def button(**keys: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go"} | keys


def actions(*elements: Json, **keys: Any) -> Json:
    return {"type": "actions", "elements": list(elements)} | keys


def option(value: str = "a") -> Json:
    return {"text": plain(value), "value": value}


def select(**keys: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option()]} | keys


def table(*rows: list[str]) -> Json:
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in rows]
    return {"type": "table", "rows": cells}


def text_input(block_id: str = "why", **keys: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "text"} | keys
    return {"type": "input", "block_id": block_id, "label": plain("Why?"), "element": element}


def rich_text(text: str = "x") -> Json:
    inline = {"type": "text", "text": text, "style": {"bold": True}}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [inline]}],
    }


def container(*children: Json, **keys: Any) -> Json:
    return {"type": "container", "title": plain("More"), "child_blocks": list(children)} | keys


CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("It changes the gateway.")}
IMAGE = {"type": "image", "image_url": "https://contoso.example/a.png", "alt_text": "a"}
VIEW: Json = {"type": "modal", "title": plain("Approve"), "blocks": [section()]}

GOOD = [
    [section(), {"type": "divider"}, {"type": "header", "text": plain("Verdict")}, IMAGE],
    [section(text=mrkdwn("x" * 3000), fields=[mrkdwn("y" * 2000)] * 10, accessory=button())],
    [actions(*(button(action_id=f"a{n}", value="v" * 2000) for n in range(25)))],
    [actions(button(style="danger", confirm=CONFIRM), select(placeholder=plain("Pick")))],
    [actions({"type": "overflow", "action_id": "more", "options": [option(), option("b")]})],
    [{"type": "context", "elements": [mrkdwn("x")] * 9 + [IMAGE]}],
    [table(["Name", "SNI"], ["a", "b"])],
    [rich_text(), {"type": "markdown", "text": "**bold**"}],
    [container(section(), actions(button()), is_collapsible=True, default_collapsed=True)],
    [text_input(multiline=True, max_length=100)],
    [{"type": "task_card", "task_id": "1", "title": "Read", "status": "complete"}],
    [section(block_id=str(n)) for n in range(50)],
    [],
]

BAD: list[tuple[list[Json], str]] = [
    ([{"type": "video"}], "unsupported type: video [json-pointer:/blocks/0/type]"),
    ([{}], "missing required field: type [json-pointer:/blocks/0]"),
    ([{"type": "section"}], "missing required field: text or fields"),
    ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ([section(text=mrkdwn("x" * 3001))], "must be less than 3001 characters"),
    ([section(text=mrkdwn(""))], "must be more than 0 characters"),
    ([section(text="x")], "must provide an object [json-pointer:/blocks/0/text]"),
    ([section(text=mrkdwn("x") | {"emoji": True})], "invalid additional property: emoji"),
    (
        [section(fields=[mrkdwn("x" * 2001)])],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    ([section(fields=[mrkdwn("x")] * 11)], "no more than 10 items allowed"),
    ([section(accessory=text_input()["element"])], "unsupported type: plain_text_input"),
    ([section(block_id="b" * 256)], "must be less than 256 characters"),
    ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
    ([{"type": "header", "text": mrkdwn("x")}], "unsupported type: mrkdwn"),
    ([{"type": "context", "elements": [mrkdwn("x")] * 11}], "no more than 10 items allowed"),
    ([actions()], "no fewer than 1 items allowed"),
    ([actions(*(button(action_id=f"a{n}") for n in range(26)))], "no more than 25 items"),
    ([actions(button(text=plain("x" * 76)))], "must be less than 76 characters"),
    ([actions(button(value="x" * 2001))], "must be less than 2001 characters"),
    ([actions(button(style="green"))], "must be a valid enum value (primary, danger)"),
    ([actions(button(url="https://x/" + "x" * 3000))], "must be less than 3001 characters"),
    ([actions(button(confirm={"text": plain("x")}))], "missing required field: title"),
    ([actions(button(), button())], "action_id go already exists in this block"),
    ([actions(select(options=[option("x" * 151)]))], "must be less than 151 characters"),
    ([actions(select(options=[option(str(n)) for n in range(101)]))], "no more than 100 items"),
    ([section(block_id="b"), section(block_id="b")], "block_id b already exists"),
    ([section(block_id="b"), container(section(block_id="b"))], "block_id b already exists"),
    ([table(["a"]), table(["b"])], "only one table is allowed"),
    ([table(*([["a"]] * 101))], "no more than 100 items allowed"),
    ([table(["a"] * 21)], "no more than 20 items allowed"),
    ([table([""])], "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]"),
    ([table(*([["x" * 101]] * 100))], "tables must be less than 10001 characters in total"),
    ([{"type": "markdown", "text": "x" * 6001}] * 2, "markdown must be less than 12001"),
    ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([{"type": "alert", "text": plain("x")}], "unsupported type: alert"),
    ([container(container(section()))], "unsupported type: container"),
    ([container(section(), is_collapsible=True, has_header_divider=True)], "has_header_divider"),
    ([section(expand="yes")], "must provide a boolean [json-pointer:/blocks/0/expand]"),
    ([text_input(max_length=True)], "must provide a number"),
    ([actions(button(value=7))], "must provide a string"),
    ([{"type": "actions", "elements": {}}], "must provide an array"),
]


@pytest.mark.parametrize("blocks", GOOD)
def test_good_blocks_are_taken(blocks: list[Json]) -> None:
    assert block_faults(blocks, "message") == []


@pytest.mark.parametrize(("blocks", "complaint"), BAD, ids=[complaint for _, complaint in BAD])
def test_bad_blocks_are_refused(blocks: list[Json], complaint: str) -> None:
    assert any(complaint in fault for fault in block_faults(blocks, "message"))


@pytest.mark.parametrize(
    ("surface", "block", "taken"),
    [
        ("message", {"type": "markdown", "text": "x"}, True),
        ("modal", {"type": "markdown", "text": "x"}, False),
        ("modal", {"type": "alert", "text": plain("x"), "level": "warning"}, True),
        ("home", table(["x"]), False),
    ],
)
def test_some_blocks_belong_to_one_surface(surface: Surface, block: Json, taken: bool) -> None:
    assert (block_faults([block], surface) == []) == taken


@pytest.mark.parametrize(
    ("view", "complaint"),
    [
        ({"type": "popup"}, "must be a valid enum value (modal, home)"),
        (VIEW | {"title": plain("x" * 25)}, "must be less than 25 characters"),
        (VIEW | {"submit": plain("x" * 25)}, "must be less than 25 characters"),
        (VIEW | {"private_metadata": "x" * 3001}, "must be less than 3001 characters"),
        (VIEW | {"blocks": []}, "no fewer than 1 items allowed"),
        (VIEW | {"blocks": [section()] * 101}, "no more than 100 items allowed"),
        (VIEW | {"blocks": [text_input()]}, "missing required field: submit"),
        (VIEW | {"colour": "red"}, "invalid additional property: colour [json-pointer:/view]"),
        ({key: VIEW[key] for key in ("type", "blocks")}, "missing required field: title"),
        ({"type": "home", "blocks": [section()], "title": plain("x")}, "property: title"),
    ],
)
def test_bad_views_are_refused(view: Json, complaint: str) -> None:
    assert any(complaint in fault for fault in view_faults(view))


def test_good_views_are_taken() -> None:
    assert view_faults(VIEW) == []
    submit = {"submit": plain("Go"), "close": plain("Not now"), "notify_on_close": True}
    assert view_faults(VIEW | submit | {"blocks": [text_input()] + [section()] * 99}) == []


async def test_a_refusal_explains_itself_as_slack_does(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postMessage(channel=CHANNEL, text="x", blocks=[section(colour="red")])
    complaint = "invalid additional property: colour [json-pointer:/blocks/0]"
    assert refusal.value.response.data == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [complaint],
        "response_metadata": {"messages": [f"[ERROR] {complaint}"]},
    }
    assert slack.messages(CHANNEL) == []


async def test_blocks_in_attachments_are_checked_too(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client.chat_postMessage(
            channel=CHANNEL, text="x", attachments=[{"color": "#f00", "blocks": [{"type": "x"}]}]
        )


async def test_missing_ids_are_given(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    unnamed = {"type": "button", "text": plain("Go")}
    await client.chat_postMessage(channel=CHANNEL, text="x", blocks=[actions(unnamed, button())])
    block = slack.messages(CHANNEL)[0]["blocks"][0]
    assert block["block_id"]
    assert block["elements"][0]["action_id"]
    assert block["elements"][1]["action_id"] == "go"


REFERENCE = Path(__file__).parents[4] / "shared" / "reference" / "AnyBlocks.schema.json"


@pytest.mark.skipif(not REFERENCE.exists(), reason="Slack's published types are not here")
def test_our_examples_agree_with_the_types_that_slack_publishes() -> None:
    """The types know structure, not lengths: good examples pass, and wrong structure does not."""
    validator = Draft7Validator(json.loads(REFERENCE.read_text()))
    for blocks in GOOD:
        assert validator.is_valid(blocks), blocks
    structural = ("additional property", "must provide", "unsupported type: mrkdwn", "enum")
    wrong = [blocks for blocks, said in BAD if any(word in said for word in structural)]
    assert len(wrong) > 5
    for blocks in wrong:
        assert not validator.is_valid(blocks), blocks
