"""The log of a running bot: one line an entry, no secret, no traceback unless debugging."""

import json
import logging
import sys

import pytest

from bot.cli.log import Fields, Plain
from bot.incident_id import within

TOKENS = ("xoxb-1-2-abc", "xapp-1-A-2-abc", "eyJhbGciOiJ.eyJzdWIi.c2ln")


def entry(message: str, *, debug: bool = False) -> str:
    try:
        raise ValueError(f"first\nsecond {TOKENS[0]}")
    except ValueError:
        record = logging.LogRecord("bot", 40, "", 0, message, None, sys.exc_info())
    return Plain(debug=debug).format(record)


def test_an_exception_is_named_in_the_same_line() -> None:
    text = entry("it failed")
    assert "\n" not in text
    assert text.endswith("ERROR bot: it failed | ValueError: first | second (secret)")


def test_an_entry_with_fields_is_one_json_object_and_knows_its_incident() -> None:
    record = logging.LogRecord("bot.audit", 20, "", 0, "put_answered %s", (TOKENS[0],), None)
    record.fields = {"action": "put_answered", "correlation": "c-1", "empty": ""}
    with within("i-1"):
        told = json.loads(Fields(debug=False).format(record))
    del told["at"]
    assert told == {
        "level": "info",
        "logger": "bot.audit",
        "message": "put_answered (secret)",
        "incident": "i-1",
        "action": "put_answered",
        "correlation": "c-1",
    }


def test_a_line_names_its_incident_and_only_in_one() -> None:
    with within("i-1"):
        assert "bot: [i-1] it failed" in entry("it failed")
    assert "bot: it failed" in entry("it failed")


def test_debugging_shows_the_traceback() -> None:
    assert "Traceback" in entry("it failed", debug=True)


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("token", TOKENS)
def test_no_secret_gets_in(token: str, debug: bool) -> None:
    shown = entry(f"connecting to wss://x.example/link?ticket=s3cret with {token}", debug=debug)
    assert token not in shown
    assert "s3cret" not in shown


HARM = "\x1b]0;x\x07\x9b2J\u202e\u2066\x00\u2028here \U000e0001\U0001f600"


@pytest.mark.parametrize("debug", [True, False])
def test_nothing_from_outside_moves_the_cursor(debug: bool) -> None:
    text = entry(f"Slack said {HARM}", debug=debug)
    assert text.replace("\n", "").isprintable()
    assert "here" in text


def test_nothing_in_json_moves_the_cursor_and_all_of_it_can_be_read_back() -> None:
    record = logging.LogRecord("bot", 40, "", 0, "Slack said %s", (HARM,), None)
    line = Fields(debug=False).format(record)
    assert line.isprintable()
    assert "\U0001f600" in line
    assert json.loads(line)["message"] == f"Slack said {HARM}"
