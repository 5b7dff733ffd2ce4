"""`agw diagnose`: one diagnosis in the terminal; contacts Azure and the backends, changes nothing."""

import argparse
import json
import os
import sys
from dataclasses import replace
from typing import Any

from bot.cli.terminal import render
from bot.cli.wiring import now, open_azure, open_prober
from bot.core.model.marked import plain
from bot.core.problem import Problem
from bot.core.report.report import Report, to_json
from bot.core.routing.serving_route import Site
from bot.settings import Settings, parse_connect_to
from bot.workflow.diagnosing import Diagnostician
from bot.workflow.gateway_lookup import GatewayLookup
from bot.workflow.lookup_result import Ambiguous, Candidate, Found, NotFound
from bot.workflow.policy import Policy
from bot.workflow.progress import Step, Watch, nobody

LONGEST = 3600
"""Seconds; more is a typing error."""

EXIT = {"healthy": 0, "fault": 1, "undecided": 2}


async def run(given: argparse.Namespace) -> int:
    """0 healthy, 1 a fault was found, 2 could not tell."""
    settings = Settings.from_environment(os.environ)
    mapped = dict(settings.connect_to)
    for text in given.connect_to:
        mapped.update(parse_connect_to(text))
    settings = replace(settings, connect_to=mapped)
    policy = Policy(probe=not given.no_probe, timeout=_timeout(given.timeout))
    async with open_azure(settings) as azure:
        found = await GatewayLookup(azure, now).name(given.gateway)
        gateway, site = _only(found)
        diagnostician = Diagnostician(azure, open_prober(settings), policy, now)
        examined = await diagnostician.examine(gateway.id, _watch(quiet=given.json), site)
    if given.json:
        print(json.dumps(to_json(examined.report) | _could_not_tell(examined.report), indent=2))
    else:
        print(render(examined.report, colour=_coloured()))
    return EXIT[examined.report.verdict]


def _could_not_tell(report: Report) -> dict[str, Any]:
    """Exit code 2 always comes with an `error`; for an undecided report, next to the report."""
    if report.verdict != "undecided":
        return {}
    hint = "See `undecided` for what is missing."
    return {"error": {"code": "undecided", "message": plain(report.headline), "hint": hint}}


def _only(found: Found | Ambiguous | NotFound) -> tuple[Candidate, Site | None]:
    match found:
        case Found(target, candidate):
            return candidate, target.site
        case Ambiguous(target, candidates):
            ways = ", ".join(f"{it.resource_group}/{it.name}" for it in candidates)
            raise Problem(
                "ambiguous", f"Several gateways match {target.said!r}.", f"Use one of: {ways}."
            )
        case NotFound(target, nearest, gaps):
            near = f"Did you mean {', '.join(nearest)}?" if nearest else "No name is similar."
            told = f"No gateway matches {target.said!r}."
            raise Problem("not_found", told, " ".join([near, *gaps]))


def _timeout(seconds: float) -> float:
    if not 0 < seconds <= LONGEST:
        raise Problem(
            "bad_use",
            f"--timeout {seconds:g} is out of range.",
            f"Give seconds above 0, up to {LONGEST}.",
        )
    return seconds


def _watch(*, quiet: bool) -> Watch:
    """Progress on stderr, where a person watches."""
    if quiet or not sys.stderr.isatty():
        return nobody

    def say(step: Step) -> None:
        if step.state != "running":
            print(f"  {step.text}", file=sys.stderr)

    return say


def _coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
