"""Whatever Azure, or something on the way to it, answers: every command says one clean sentence, and ends."""

import logging
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from tests.azure.wild import Reply, answer, bomb, error, raw, wild_server
from tests.cli.conftest import Here
from tests.cli.foreign import GATEWAY

HTML = b"<html><h1>502 Bad Gateway</h1>\x1b[2J</html>"
# ESC, OSC, C1, a bidi override and isolate, and a line of its own.
HARM = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202etxt\u2066\u200fx\nagw: all is well\r\x00"

REPLIES: Mapping[str, Reply] = {
    "500 with HTML": raw(500, HTML, Content_Type="text/html"),
    "502 with HTML said to be JSON": raw(502, HTML),
    "503 with nothing": raw(503, b""),
    "504 with nothing and no type": b"HTTP/1.1 504 Said\r\nContent-Length: 0\r\n\r\n",
    "500 with odd JSON": answer(500, {"error": [{"code": 7}]}),
    "500 with JSON": error(500, "InternalServerError", HARM),
    "403 with harm": error(403, f"Authorization{HARM}", HARM),
    "401 with harm": error(401, "InvalidToken", HARM),
    "404 with HTML": raw(404, HTML, Content_Type="text/html"),
    "429 for long": error(429, "TooManyRequests", HARM, Retry_After="3600"),
    "200 with HTML": raw(200, HTML, Content_Type="text/html"),
    "200 with nothing": raw(200, b""),
    "200 with a bomb": raw(200, bomb(40_000_000), Content_Encoding="gzip"),
    "200 that is not packed": raw(200, HTML, Content_Encoding="gzip"),
    "301": raw(301, b"", Location="https://evil.example/"),
    "cut": "cut",
    "reset": "reset",
}
COMMANDS = (
    ("diagnose", GATEWAY),
    ("plan", "agw-test", "--json"),
    ("check",),
)


@contextmanager
def as_for_a_person() -> Iterator[None]:
    """Without the handlers of the test runner: where there is none, Python prints warnings to stderr itself."""
    root = logging.getLogger()
    kept, root.handlers = root.handlers, []
    try:
        yield
    finally:
        root.handlers = kept


def is_clean(text: str) -> bool:
    return all(it == "\n" or unicodedata.category(it)[0] != "C" for it in text)


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
async def test_each_command_says_one_sentence(reply: Reply, here: Here) -> None:
    async with wild_server(reply) as server:
        with as_for_a_person():
            settings = {"AGW_ARM_URL": server.url, "AGW_LOOPBACK_ONLY": "1"}
            for command in COMMANDS:
                ran = await here(settings, *command)
                assert ran.code == 2, command
                assert is_clean(ran.out + ran.err), (command, ran)
                assert "Traceback" not in ran.out + ran.err
                if command == ("check",):
                    assert ran.err == ""
                    assert (
                        sum(it.startswith("FIX   Azure sign-in") for it in ran.out.splitlines())
                        <= 1
                    )
                    continue
                assert ran.is_one_sentence(), (command, ran)
                assert "unexpected" not in ran.err.lower(), (command, ran)
                if "--json" in command:
                    assert set(ran.document["error"]) == {"code", "message", "hint"}
                else:
                    assert ran.out == ""
