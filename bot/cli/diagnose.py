"""`agw diagnose`: one diagnosis in the terminal; contacts Azure and the backends, changes nothing."""

import argparse
import json
from typing import Any

from bot.cli.examining import coloured, examine
from bot.cli.terminal import render
from bot.core.model.marked import plain
from bot.core.report.report import Report, to_json

EXIT = {"healthy": 0, "fault": 1, "undecided": 2}


async def run(given: argparse.Namespace) -> int:
    """0 healthy, 1 a fault was found, 2 could not tell."""
    report = (await examine(given)).report
    if given.json:
        print(json.dumps(to_json(report) | _could_not_tell(report), indent=2))
    else:
        print(render(report, colour=coloured()))
    return EXIT[report.verdict]


def _could_not_tell(report: Report) -> dict[str, Any]:
    """Exit code 2 always comes with an `error`; for an undecided report, next to the report."""
    if report.verdict != "undecided":
        return {}
    hint = "See `undecided` for what is missing."
    return {"error": {"code": "undecided", "message": plain(report.headline), "hint": hint}}
