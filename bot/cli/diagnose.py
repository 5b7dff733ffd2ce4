"""`agw diagnose`: one diagnosis in the terminal, or several; contacts Azure and the backends, changes nothing."""

import argparse
from asyncio import sleep
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.cli.config_file import environment
from bot.cli.lines import clean
from bot.cli.progress_line import waiting
from bot.core.problem import Problem

if TYPE_CHECKING:
    from bot.cli.forms import Form
    from bot.cli.watching import Last, Pause
    from bot.core.report.report import Report
    from bot.workflow.diagnosing import Examined
    from bot.workflow.progress import Watch

Examine = Callable[["Watch"], Awaitable["Examined"]]

EXIT = {"healthy": 0, "fault": 1, "undecided": 2}


async def run(given: argparse.Namespace) -> int:
    """0 healthy, 1 a fault was found, 2 could not tell; with `--watch` of the last look."""
    _check(given)
    with waiting("Starting", quiet=given.json):
        # Azure's library is large, and whoever watches should see at once that something happens.
        from bot.cli.examining import open_examination
        from bot.cli.forms import form_of

        form = form_of(given)
    try:
        async with _settings(given) as environ, open_examination(given, environ) as examination:
            last = await _look(given, examination.look, form)
            if isinstance(last, Problem):
                raise last
    except Problem as problem:
        form.failed(problem)
        raise
    return EXIT[last.verdict]


def _check(given: argparse.Namespace) -> None:
    """What the parser cannot see, because it is about two arguments.

    Raises:
        Problem: `bad_use`.
    """
    if given.gateway is None and given.lab is None:
        said = "GATEWAY is missing, and no --lab SCENARIO is named."
        raise Problem("bad_use", said, "See agw diagnose --help.")
    if given.lab is not None and given.config is not None:
        said = "--lab has the settings of its own world, so --config has no place beside it."
        raise Problem("bad_use", said, "Leave one of them out.")


@asynccontextmanager
async def _settings(given: argparse.Namespace) -> AsyncIterator[Mapping[str, str]]:
    """Those of the environment, or of a scenario's world that is open during the block."""
    if given.lab is None:
        yield environment(given)
        return
    async with AsyncExitStack() as stack:
        with waiting(f"Opening the world of {given.lab}", quiet=given.json):
            from bot.cli.embedded import embedded

            world = await stack.enter_async_context(embedded(given.lab))
        given.gateway = given.gateway or world.scenario.expected.gateway
        yield world.environment


async def _look(given: argparse.Namespace, examine: Examine, form: "Form") -> "Last":
    async def look() -> "Report":
        with waiting(f"Looking for the gateway {given.gateway}", quiet=given.json) as steps:
            return (await examine(steps)).report

    first = await look()
    if given.watch is None:
        form.show(first)
        return first
    from bot.cli.watching import watch

    if form.as_it_goes:
        form.show(first)
    last = await watch(look, first, _pause(given), _tell if form.as_it_goes else _keep)
    if isinstance(last, Problem):
        return last
    # Who saw the changes as they came need not see all of a fault again.
    if not form.as_it_goes or (last is not first and last.verdict == "healthy"):
        form.show(last)
    return last


def _pause(given: argparse.Namespace) -> "Pause":
    async def pause(last: "Last") -> None:
        then = datetime.now() + timedelta(seconds=given.watch)
        stands = "Could not look" if isinstance(last, Problem) else f"Still {last.verdict}"
        with waiting(f"{stands}; looks again at {then:%H:%M:%S}, Ctrl+C ends", quiet=given.json):
            await sleep(given.watch)

    return pause


def _tell(changes: Iterable[str]) -> None:
    for change in changes:
        print(f"{datetime.now():%H:%M:%S}  {clean(change)}", flush=True)


def _keep(_: Iterable[str]) -> None:
    """For a form that is one document: it says how the last look ended."""
