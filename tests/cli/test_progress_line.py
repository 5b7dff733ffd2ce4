"""What a person sees while a command waits: one line where that can be redrawn, and elsewhere nothing in the way."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import TextIO

import pytest

from bot.cli.progress_line import waiting
from bot.lab.world import World
from bot.workflow.progress import Step
from tests.cli.running import at_a_terminal

STYLED = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """A terminal as stderr, and what it was sent."""

    def __init__(self) -> None:
        self._ours, theirs = os.openpty()
        self.stderr: TextIO = os.fdopen(theirs, "w")

    def sent(self) -> str:
        self.stderr.flush()
        # A mark of our own, so that reading ends where writing did.
        self.stderr.write("<end>")
        self.stderr.flush()
        got = b""
        while not got.endswith(b"<end>"):
            got += os.read(self._ours, 4096)
        return got.decode().removesuffix("<end>")

    def close(self) -> None:
        self.stderr.close()
        os.close(self._ours)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    made = Terminal()
    for name in ("NO_COLOR", "AGW_DEBUG", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    yield made
    made.close()


def looks(stderr: TextIO) -> None:
    """A diagnosis as it tells its steps, with two of them under way at its end."""
    with redirect_stderr(stderr), waiting("Looking", quiet=False) as watch:
        watch(Step("gateway", "Reading the gateway", "running"))
        watch(Step("gateway", "Read the gateway", "done"))
        watch(Step("health", "Reading backend health", "running"))
        watch(Step("probe", "Connecting to 2 backends", "running"))


def test_one_line_tells_what_is_waited_for_and_for_how_long_and_is_gone_at_the_end(
    terminal: Terminal,
) -> None:
    looks(terminal.stderr)
    sent = terminal.sent()
    assert re.search(r"Reading backend health; Connecting to 2 backends \.\.\. \d+ s", sent)
    assert "Read the gateway" not in sent.rpartition("Reading backend health")[2]
    assert sent.endswith("\x1b[1A\x1b[2K")
    assert sent.rfind("\x1b[?25h") > sent.rfind("\x1b[?25l")


def test_what_is_asked_for_is_neither_markup_nor_control(terminal: Terminal) -> None:
    said = "Looking for \x1b]0;x\x07[red]agw[/red]"
    with redirect_stderr(terminal.stderr), waiting(said, quiet=False):
        pass
    sent = terminal.sent()
    assert "Looking for  ]0;x [red]agw[/red] ... 0 s" in sent


def test_between_steps_the_last_one_stays(terminal: Terminal) -> None:
    with redirect_stderr(terminal.stderr), waiting("Looking", quiet=False) as watch:
        watch(Step("gateway", "Reading the gateway", "running"))
        watch(Step("gateway", "Read the gateway", "done"))
    assert "Read the gateway ... " in terminal.sent()


def test_without_colours_it_has_no_style(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks(terminal.stderr)
    assert STYLED.search(terminal.sent())
    monkeypatch.setenv("NO_COLOR", "1")
    looks(terminal.stderr)
    assert not STYLED.search(terminal.sent())


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("AGW_DEBUG", "1")])
def test_what_cannot_be_redrawn_gets_a_line_for_each_step_that_ended(
    name: str, value: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    looks(terminal.stderr)
    assert terminal.sent() == "  Read the gateway\r\n"


def test_nobody_who_does_not_watch_gets_anything(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    with redirect_stderr(terminal.stderr), waiting("Looking", quiet=True) as watch:
        watch(Step("gateway", "Read the gateway", "done"))
    assert terminal.sent() == ""
    looks(sys.stderr)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("settings", "styled", "drawn"),
    [
        ({"TERM": "xterm-256color"}, True, True),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
    ],
    ids=["colours", "NO_COLOR", "dumb"],
)
async def test_at_a_terminal(
    settings: dict[str, str], styled: bool, drawn: bool, world: World
) -> None:
    code, shown = await at_a_terminal({**world.environment, **settings}, "diagnose", "agw-test")
    assert code == 1
    assert bool(STYLED.search(shown)) is styled
    assert ("\x1b" in shown) is drawn
    answer = STYLED.sub("", shown[shown.index("FAULT") :]).replace("\r\n", "\n")
    assert "\x1b" not in answer
    rows = answer.split("\n")
    assert max(map(len, rows)) > 72
    assert all(len(it) <= 80 for it in rows if not it.startswith("  az "))
