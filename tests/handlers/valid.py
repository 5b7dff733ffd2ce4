"""Would Slack take it? The lab's own strict check, and the schema of Slack's published types where it is at hand."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

import handlers
from bot.core.model.marked import plain
from bot.lab.slack.blockkit import block_faults, view_faults
from handlers.blocks.forms import View
from handlers.blocks.kit import MOST_TEXT, Message

REFERENCE = Path(handlers.__file__).parents[2] / "shared" / "reference"


def check(message: Message) -> None:
    """Assert that Slack would take the message, and that nothing foreign is formatting in it."""
    check_fast(message)
    _of_the_schema("AnyBlocks", list(message.blocks))


def check_fast(message: Message) -> None:
    """The same without the schema, which takes its time: for many messages of the same structure."""
    assert block_faults(list(message.blocks), "message") == []
    assert 0 < len(message.text) <= MOST_TEXT
    assert len(message.plain) <= MOST_TEXT
    sent = json.dumps([message.text, message.blocks], ensure_ascii=False)
    sent.encode("utf-8")
    assert plain(sent + message.plain) == sent + message.plain
    for text in [message.text, *mrkdwn(list(message.blocks))]:
        assert_tame(text)


def check_view(view: View) -> None:
    """Assert that Slack would take the modal, and that nothing foreign is formatting in it."""
    check_view_fast(view)
    _of_the_schema("Modal", view)


def check_view_fast(view: View) -> None:
    """The same without the schema."""
    assert view_faults(view) == []
    sent = json.dumps(view, ensure_ascii=False)
    sent.encode("utf-8")
    assert plain(sent) == sent
    for text in mrkdwn(view["blocks"]):
        assert_tame(text)


def mrkdwn(value: Any) -> list[str]:
    """Every mrkdwn text anywhere inside."""
    if isinstance(value, list):
        return [text for it in value for text in mrkdwn(it)]
    if not isinstance(value, dict):
        return []
    own = [str(value["text"])] if value.get("type") == "mrkdwn" else []
    return own + [text for it in value.values() for text in mrkdwn(it)]


def assert_tame(text: str) -> None:
    """Each `<` begins one of the few things that the bot itself writes, and each `&` is an escape."""
    allowed = (
        "<@U0",
        "<!subteam^S0",
        "<!date^",
        "<https://learn.microsoft.com",
        "<http://127.0.0.1",
    )
    for at in (it for it, character in enumerate(text) if character == "<"):
        assert text.startswith(allowed, at), text[at : at + 40]
        assert ">" in text[at:], text[at : at + 40]
    for at in (it for it, character in enumerate(text) if character == "&"):
        assert text.startswith(("&amp;", "&lt;", "&gt;"), at), text[at : at + 20]


def _of_the_schema(name: str, sent: Any) -> None:
    validator = _validator(name)
    if validator is not None:
        validator.validate(sent)


@cache
def _validator(name: str) -> jsonschema.Draft7Validator | None:
    schema = REFERENCE / f"{name}.schema.json"
    return (
        jsonschema.Draft7Validator(json.loads(schema.read_text("utf-8")))
        if schema.exists()
        else None
    )
