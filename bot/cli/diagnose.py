"""`agw diagnose`: one diagnosis in the terminal, or several; contacts Azure and the backends, changes nothing."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from bot.cli.config_file import environment
from bot.cli.examining import Examination, looking_for, open_examination
from bot.cli.forms import Form, form_of
from bot.cli.lines import clean
from bot.cli.live import waiting
from bot.cli.watching import LONGEST, SHORTEST, Last, Pause, watch
from bot.core.problem import Problem
from bot.core.report.report import Report

EXIT = {"healthy": 0, "fault": 1, "undecided": 2}


async def run(given: argparse.Namespace) -> int:
    """0 healthy, 1 a fault was found, 2 could not tell; with `--watch` of the last look."""
    _check(given)
    form = form_of(given)
    try:
        async with _settings(given) as environ, open_examination(given, environ) as examination:
            last = await _look(given, examination, form)
            if isinstance(last, Problem):
                raise last
    except Problem as problem:
        form.failed(problem)
        raise
    return EXIT[last.verdict]


def _check(given: argparse.Namespace) -> None:
    """What the parser cannot see, because it is about two arguments or a range.

    Raises:
        Problem: `bad_use`.
    """
    if given.gateway is None and given.lab is None:
        said = "GATEWAY is missing, and no --lab SCENARIO is named."
        raise Problem("bad_use", said, "See agw diagnose --help.")
    if given.lab is not None and given.config is not None:
        said = "--lab has the settings of its own world, so --config has no place beside it."
        raise Problem("bad_use", said, "Leave one of them out.")
    if given.watch is not None and not SHORTEST <= given.watch <= LONGEST:
        said = f"--watch {given.watch:g} is out of range."
        hint = f"Give {SHORTEST:g} to {LONGEST:g} seconds; Azure throttles who asks too often."
        raise Problem("bad_use", said, hint)


@asynccontextmanager
async def _settings(given: argparse.Namespace) -> AsyncIterator[Mapping[str, str]]:
    """Those of the environment, or of a scenario's world that is open during the block."""
    if given.lab is None:
        yield environment(given)
        return
    # Only here: nobody else waits for the lab's imports.
    from bot.cli.embedded import embedded, scenario_of

    gateway = scenario_of(given.lab).expected.gateway
    async with AsyncExitStack() as stack:
        with waiting(f"Opening the world of {given.lab}", quiet=given.json):
            world = await stack.enter_async_context(embedded(given.lab))
        given.gateway = given.gateway or gateway
        yield world.environment


async def _look(given: argparse.Namespace, examination: Examination, form: Form) -> Last:
    async def look() -> Report:
        with waiting(looking_for(given.gateway), quiet=given.json) as steps:
            return (await examination.look(steps)).report

    first = await look()
    if given.watch is None:
        form.show(first)
        return first
    if form.as_it_goes:
        form.show(first)
    last = await watch(look, first, _pause(given), _tell if form.as_it_goes else _keep)
    if isinstance(last, Report) and (last is not first or not form.as_it_goes):
        form.show(last)
    return last


def _pause(given: argparse.Namespace) -> Pause:
    async def pause(last: Last) -> None:
        then = datetime.now() + timedelta(seconds=given.watch)
        stands = "Could not look" if isinstance(last, Problem) else f"Still {last.verdict}"
        with waiting(f"{stands}; looks again at {then:%H:%M:%S}, Ctrl+C ends", quiet=given.json):
            await asyncio.sleep(given.watch)

    return pause


def _tell(changes: Iterable[str]) -> None:
    for change in changes:
        print(f"{datetime.now():%H:%M:%S}  {clean(change)}", flush=True)


def _keep(_: Iterable[str]) -> None:
    """For a form that is one document: it says how the last look ended."""
