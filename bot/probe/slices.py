"""Short pieces of work on the event loop, a few milliseconds of them in each of its turns.

For what is too short for a thread, which costs a tenth of a millisecond to wake and waits for the interpreter
afterwards; two hundred of them may come at once, and whoever presses a button meanwhile should not wait for all.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

SLICE = 0.004
"""Seconds of such work after which the loop gets its turn."""


class Slices:
    """Does what it is given in the order in which it was given. For one event loop."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[asyncio.Future[Any], Callable[[], Any]]] = deque()

    async def do(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises; whoever is cancelled before its turn is left out."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._one_slice, loop)
        self._waiting.append((future, work))
        return await future

    def _one_slice(self, loop: asyncio.AbstractEventLoop) -> None:
        end = time.perf_counter() + SLICE
        while self._waiting and time.perf_counter() < end:
            _do(*self._waiting.popleft())
        if self._waiting:
            loop.call_soon(self._one_slice, loop)


def _do(future: "asyncio.Future[Any]", work: Callable[[], Any]) -> None:
    if future.done():
        return  # Nobody waits for it any more.
    try:
        found = work()
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(found)
