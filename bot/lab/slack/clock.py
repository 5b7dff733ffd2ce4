"""Slack's message timestamps: seconds with six decimals, and never the same one twice."""

import time
from collections.abc import Callable
from itertools import count

_sequence = count(1)


class Timestamps:
    """A `ts` is the id of a message in its channel; later messages have greater ones."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """The current time in microseconds, moved on if it was already used."""
        self._last = max(self._last + 1, int(self._clock() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


def new_id(prefix: str) -> str:
    """An id that looks like Slack's (`V0000000001`), unique in this process."""
    return f"{prefix}{next(_sequence):010X}"
