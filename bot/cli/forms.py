"""The forms of a diagnosis: for a person at a terminal, as JSON, for a ticket, and for a pipeline on GitHub."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from shlex import join
from typing import Any

from bot.cli.arguments import DEFAULT_TIMEOUT
from bot.core.model.marked import plain
from bot.core.problem import Problem
from bot.core.report.report import Report, to_json


def _nothing(_: Problem) -> None:
    """The command line tells it on stderr, and with `--json` on stdout as well."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a report is shown, and what more is printed where there is none.

    `as_it_goes`: several may follow each other; else it is one document, of the last look.
    """

    show: Callable[[Report], None]
    failed: Callable[[Problem], None] = _nothing
    as_it_goes: bool = False


def form_of(given: argparse.Namespace) -> Form:
    """The form that the arguments ask for; only its own libraries are imported."""
    if given.json:
        return Form(_as_json)
    match given.format:
        case "markdown":
            from bot.cli.markdown import markdown

            return Form(lambda report: print(markdown(report), end=""))
        case "github":
            from bot.cli import github

            return Form(github.show, github.failed)
    return Form(_as_text(again_with(given), verbose=given.verbose), as_it_goes=True)


def again_with(given: argparse.Namespace) -> str:
    """The command that asks for the same once more."""
    said = ["agw", "diagnose", *filter(None, [given.gateway])]
    for name, value in (("--lab", given.lab), ("--config", given.config)):
        said += [name, value] if value else []
    said += ["--no-probe"] if given.no_probe else []
    said += [it for way in given.connect_to for it in ("--connect-to", way)]
    said += ["--timeout", f"{given.timeout:g}"] if given.timeout != DEFAULT_TIMEOUT else []
    return join(said)


def _as_text(again: str, *, verbose: bool) -> Callable[[Report], None]:
    from bot.cli.answer import answer
    from bot.cli.terminal import render
    from bot.cli.tty import coloured, columns

    def show(report: Report) -> None:
        if verbose:
            print(render(report, colour=coloured(), width=columns()), flush=True)
        else:
            print(answer(report, again, colour=coloured(), width=columns()), flush=True)

    return show


def _as_json(report: Report) -> None:
    print(json.dumps(to_json(report) | _could_not_tell(report), indent=2))


def _could_not_tell(report: Report) -> dict[str, Any]:
    """Exit code 2 always comes with an `error`; for an undecided report, next to the report."""
    if report.verdict != "undecided":
        return {}
    hint = "See `undecided` for what is missing."
    return {"error": {"code": "undecided", "message": plain(report.headline), "hint": hint}}
