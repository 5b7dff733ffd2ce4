"""One deadline for a whole diagnosis: who waits is told what was found by then, and what was not tried in time."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")

LOOKING = 0.8
"""Part of the time in which Azure and the backends are asked; the rest is for judging, which takes seconds where a pool
has 1,200 members. By default the first connections have 21 s: more than the 20 s that HTTP settings mostly allow for an
answer (https://learn.microsoft.com/azure/application-gateway/configuration-http-settings)."""

GRACE = 0.5
REPORTING = 1.0
"""Seconds after the end in which a judgement that is nearly there may still come, and then the report of it: of the two
by which a command may exceed its time."""


class TimeLeft:
    """Runs from its creation for `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._clock = asyncio.get_running_loop().time
        begun = self._clock()
        self.seconds = seconds
        self._looked = begun + seconds * LOOKING
        self._end = begun + seconds

    @property
    def to_look(self) -> float:
        """Seconds in which something outside may still be asked; 0 or more."""
        return max(0.0, self._looked - self._clock())

    def is_over(self) -> bool:
        """Whether nothing more is to be found out; from any thread."""
        return self._clock() >= self._end

    async def to_judge(self, work: Awaitable[T]) -> T | None:
        """The result, or None if it does not come in time."""
        return await self._until(self._end + GRACE, work)

    async def to_report(self, work: Awaitable[T]) -> T | None:
        """The same for what is shown of it in the end."""
        return await self._until(self._end + GRACE + REPORTING, work)

    async def to_read(self, work: Awaitable[T]) -> T | None:
        """The same for something without which there is nothing to judge."""
        return await self._until(self._end, work)

    async def _until(self, end: float, work: Awaitable[T]) -> T | None:
        try:
            async with asyncio.timeout_at(end):
                return await work
        except TimeoutError:
            return None
