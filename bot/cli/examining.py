"""One diagnosis for a command of the terminal: which gateway, with which flags, and progress for whoever watches."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.cli.config_file import environment
from bot.cli.progress_line import waiting
from bot.cli.wiring import now, open_azure, open_prober
from bot.core.problem import Problem
from bot.core.routing.serving_route import Site
from bot.nearest import did_you_mean
from bot.settings import Settings, parse_connect_to
from bot.workflow.diagnosing import Diagnostician, Examined
from bot.workflow.gateway_lookup import LIST_WITHIN, GatewayLookup
from bot.workflow.lookup_result import Ambiguous, Candidate, Found, NotFound
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure
from bot.workflow.progress import Watch

LISTING = 0.4
"""Part of the time in which the gateways are listed, where a name has to be found among them."""

LONGEST = 3600
"""Seconds; more is a typing error."""


class Examination:
    """One gateway, looked at once or several times; it is looked up by the first look."""

    def __init__(self, azure: Azure, settings: Settings, given: argparse.Namespace) -> None:
        self._azure = azure
        self._settings = settings
        self._given = given
        self._found: tuple[Candidate, Site | None] | None = None

    async def look(self, watch: Watch) -> Examined:
        """One diagnosis within `--timeout`, the time to find the gateway included.

        Raises:
            Problem: no such gateway, or Azure could not be read.
        """
        given, clock = self._given, asyncio.get_running_loop().time
        end = clock() + given.timeout
        if self._found is None:
            lookup = GatewayLookup(self._azure, now, min(LIST_WITHIN, given.timeout * LISTING))
            self._found = _only(await lookup.name(given.gateway))
        gateway, site = self._found
        policy = Policy(probe=not given.no_probe, timeout=max(0.0, end - clock()))
        diagnostician = Diagnostician(self._azure, open_prober(self._settings), policy, now)
        return await diagnostician.examine(gateway.id, watch, site)


@asynccontextmanager
async def open_examination(
    given: argparse.Namespace, environ: Mapping[str, str]
) -> AsyncIterator[Examination]:
    """Contacts Azure and the backends as the flags say, and changes nothing.

    Raises:
        Problem: bad use.
    """
    settings = Settings.from_environment(environ)
    mapped = dict(settings.connect_to)
    for text in given.connect_to:
        mapped.update(parse_connect_to(text))
    _check_timeout(given.timeout)
    settings = replace(settings, connect_to=mapped)
    async with open_azure(settings) as azure:
        yield Examination(azure, settings, given)


async def examine(given: argparse.Namespace) -> Examined:
    """One look, with the environment's settings.

    Raises:
        Problem: bad use, no such gateway, or Azure could not be read.
    """
    async with open_examination(given, environment(given)) as examination:
        with waiting(f"Looking for the gateway {given.gateway}", quiet=given.json) as watch:
            return await examination.look(watch)


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
            told = f"No gateway matches {target.said!r}."
            unlike = () if nearest else ("No name is similar.",)
            hint = did_you_mean(nearest, " ".join((*unlike, *gaps)))
            raise Problem("not_found", told, hint)


def _check_timeout(seconds: float) -> None:
    if not 0 < seconds <= LONGEST:
        raise Problem(
            "bad_use",
            f"--timeout {seconds:g} is out of range.",
            f"Give seconds above 0, up to {LONGEST}.",
        )
