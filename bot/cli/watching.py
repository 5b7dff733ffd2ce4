"""`agw diagnose --watch`: looks again until the gateway is healthy, and tells what changed between looks."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from bot.core.problem import Problem
from bot.core.report.changed import changes_between
from bot.core.report.report import Report

Last = Report | Problem
"""What came of a look: a report, or why there is none."""

Look = Callable[[], Awaitable[Report]]
Pause = Callable[[Last], Awaitable[None]]
"""Waits until the next look; gets what came of the last one."""

Tell = Callable[[Iterable[str]], None]


async def watch(look: Look, first: Report, pause: Pause, tell: Tell) -> Last:
    """What came of the last look: the first that found the gateway healthy, or the one before Ctrl-C.

    A look that fails is told, and the next one may succeed.
    """
    seen, last = first, first  # type: Report, Last
    try:
        while isinstance(last, Problem) or last.verdict != "healthy":
            await pause(last)
            before, last = last, await _looked(look)
            if isinstance(last, Report):
                tell(changes_between(seen, last))
                seen = last
            elif str(before) != str(last):
                tell([f"Could not look: {last}"])
    except asyncio.CancelledError:
        pass  # Ctrl-C ends the watch, not the command: what came of the last look is its answer.
    return last


async def _looked(look: Look) -> Last:
    try:
        return await look()
    except Problem as problem:
        return problem
