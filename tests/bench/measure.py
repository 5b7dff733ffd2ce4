"""Measuring: medians of a few rounds, told as ratios, each with the goal that it should keep."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Ratio:
    """How much one thing takes against another, in the same unit: seconds, MB, connections.

    `goal` is the most that the ratio should be; None: nobody has set one.
    """

    what: str
    takes: float
    against: float
    goal: float | None = None
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.takes / self.against

    @property
    def verdict(self) -> str:
        """Whether the goal is kept."""
        if self.goal is None:
            return ""
        return "kept" if self.ratio <= self.goal else "MISSED"

    def line(self, width: int) -> str:
        """The line in the table."""
        goal = "" if self.goal is None else f"{self.goal:g}"
        takes, against = self._amount(self.takes), self._amount(self.against)
        return (
            f"{self.what:<{width}}  {self.ratio:>7.2g}  {goal:>6}  {self.verdict:<6}"
            f"  {takes:>12}  {against:>12}"
        )

    def facts(self) -> dict[str, Any]:
        """The same for a machine."""
        return {
            "what": self.what,
            "ratio": round(self.ratio, 4),
            "goal": self.goal,
            "verdict": self.verdict or None,
            "takes": self.takes,
            "against": self.against,
            "unit": self.unit,
        }

    def _amount(self, amount: float) -> str:
        return f"{amount * 1000:.1f} ms" if self.unit == "s" else f"{amount:.4g} {self.unit}"


async def seconds(work: Callable[[], Awaitable[object]], rounds: int = ROUNDS) -> float:
    """The median time that `work` takes, after one round that does not count."""
    return median(await all_seconds(work, rounds))


async def all_seconds(work: Callable[[], Awaitable[object]], rounds: int = ROUNDS) -> list[float]:
    """What each round takes, after one that does not count."""
    await work()
    return [await _once(work) for _ in range(rounds)]


async def _once(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began
