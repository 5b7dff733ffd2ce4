"""Counts the turns of the event loop, and what is done in each: times say little on a busy machine."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """How much of something was done in each turn of the loop so far."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._turn = 0
        self._counting = True
        self._done: Counter[int] = Counter()
        self.elsewhere = 0
        self._next()

    def _next(self) -> None:
        self._turn += 1
        if self._counting:
            self._loop.call_soon(self._next)

    def stop(self) -> None:
        self._counting = False

    def did(self, amount: int = 1) -> None:
        """Something was done: in this turn, or in another thread, where it holds nobody."""
        if threading.get_ident() == self._thread:
            self._done[self._turn] += amount
        else:
            self.elsewhere += amount

    @property
    def most(self) -> int:
        """The most that was done in one turn."""
        return max(self._done.values(), default=0)

    @property
    def total(self) -> int:
        return sum(self._done.values())


@contextmanager
def counting_turns() -> Iterator[Turns]:
    """Counts while the block lasts."""
    turns = Turns()
    try:
        yield turns
    finally:
        turns.stop()
