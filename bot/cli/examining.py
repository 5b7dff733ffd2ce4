"""One diagnosis for a command of the terminal: which gateway, with which flags, and progress for whoever watches."""

import argparse
import asyncio
import os
import sys
from dataclasses import replace

from bot.cli.config_file import environment
from bot.cli.lines import clean
from bot.cli.wiring import now, open_azure, open_prober
from bot.core.problem import Problem
from bot.core.routing.serving_route import Site
from bot.settings import Settings, parse_connect_to
from bot.workflow.diagnosing import Diagnostician, Examined
from bot.workflow.gateway_lookup import LIST_WITHIN, GatewayLookup
from bot.workflow.lookup_result import Ambiguous, Candidate, Found, NotFound
from bot.workflow.policy import Policy
from bot.workflow.progress import Step, Watch, nobody

LISTING = 0.4
"""Part of the time in which the gateways are listed, where a name has to be found among them."""

LONGEST = 3600
"""Seconds; more is a typing error."""


async def examine(given: argparse.Namespace) -> Examined:
    """Contacts Azure and the backends as the flags say, and changes nothing.

    Raises:
        Problem: bad use, no such gateway, or Azure could not be read.
    """
    settings = Settings.from_environment(environment(given))
    mapped = dict(settings.connect_to)
    for text in given.connect_to:
        mapped.update(parse_connect_to(text))
    settings = replace(settings, connect_to=mapped)
    clock = asyncio.get_running_loop().time
    end = clock() + _timeout(given.timeout)
    async with open_azure(settings) as azure:
        lookup = GatewayLookup(azure, now, min(LIST_WITHIN, given.timeout * LISTING))
        found = await lookup.name(given.gateway)
        gateway, site = _only(found)
        policy = Policy(probe=not given.no_probe, timeout=max(0.0, end - clock()))
        diagnostician = Diagnostician(azure, open_prober(settings), policy, now)
        return await diagnostician.examine(gateway.id, _watch(quiet=given.json), site)


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
            print(f"  {clean(step.text)}", file=sys.stderr)

    return say


def coloured() -> bool:
    """Whether what is printed may have colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
