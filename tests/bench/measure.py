"""Measuring: medians of a few rounds, told as ratios."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Ratio:
    """How long one thing takes against another; both in seconds."""

    what: str
    takes: float
    against: float

    def line(self, width: int) -> str:
        """The line in the table."""
        ratio = self.takes / self.against
        return f"{self.what:<{width}}  {ratio:>7.2g}  {_time(self.takes)}  {_time(self.against)}"


async def seconds(work: Callable[[], Awaitable[object]], rounds: int = ROUNDS) -> float:
    """The median time that `work` takes, after one round that does not count."""
    await work()
    return median([await _once(work) for _ in range(rounds)])


async def _once(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _time(seconds: float) -> str:
    return f"{seconds * 1000:>7.1f} ms"
