"""`agw plan`: what the button of an option would write, what that heals and what it does not; writes nothing."""

import argparse
import json
from typing import Any

from bot.cli.examining import examine
from bot.cli.lines import clean
from bot.cli.planned_text import render
from bot.cli.tty import coloured, columns
from bot.core.model.marked import plain
from bot.core.problem import Problem
from bot.core.remedies import by_hand
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import CannotTell, Trial
from bot.core.remedies.what_if import recommended
from bot.core.report.planned import no_plan_json, plan_json, planned
from bot.core.report.report import Report
from bot.workflow.diagnosing import Examined

WORKS, WORKS_NOT, COULD_NOT_TELL = 0, 1, 2
MISSING = "Run agw diagnose to see what is missing."


async def run(given: argparse.Namespace) -> int:
    """0 the option works, 1 it does not (or none does), 2 could not tell."""
    if given.option is not None:
        _check(given.option)
    examined = await examine(given)
    best = recommended(examined.trials)
    trial = best if given.option is None else _trial(given.option, examined)
    if trial is None:
        return _tell_none(examined.report, as_json=given.json)
    made = planned(examined.what_if, trial, best)
    unknown = isinstance(trial.outcome, CannotTell)
    if given.json:
        said = f"Whether {trial.option.id} helps cannot be told: {plain(trial.because or '')}."
        _print(plan_json(made), said if unknown else None)
    else:
        gateway = examined.report.gateway.name
        print(render(gateway, made, colour=coloured(), width=columns()))
    return COULD_NOT_TELL if unknown else WORKS if trial.works else WORKS_NOT


def _check(option: str) -> None:
    ids = [*(it.id for it in OPTIONS), by_hand.OPTION_ID]
    if option not in ids:
        raise Problem(
            "bad_use", f"There is no option {option!r}.", f"Use one of: {', '.join(ids)}."
        )


def _trial(option: str, examined: Examined) -> Trial | None:
    """None where nothing was tried, because nothing is at fault."""
    return next((it for it in examined.trials if it.option.id == option), None)


def _tell_none(report: Report, *, as_json: bool) -> int:
    """No plan: the gateway is healthy, or no option would end its fault, or neither is known."""
    unknown = report.verdict == "undecided"
    if as_json:
        _print(no_plan_json(report.headline), plain(report.headline) if unknown else None)
    else:
        print(f"NO PLAN  {clean(report.headline)}\n  agw diagnose says more; nothing was written")
    return COULD_NOT_TELL if unknown else WORKS_NOT


def _print(document: dict[str, Any], unknown: str | None) -> None:
    """One JSON document; exit code 2 always comes with an `error`."""
    error = {"error": {"code": "undecided", "message": unknown, "hint": MISSING}} if unknown else {}
    print(json.dumps(document | error, indent=2))
