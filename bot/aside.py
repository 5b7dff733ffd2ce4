"""Work beside the event loop, for what must not hold it: texts and certificates from outside, and this machine's DNS.

Python's own executors wait at the end of the program for whatever still runs in them. These threads do not: a resolver
that stays silent, or a judgement that nobody waits for any more, keeps no command from ending.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

AT_ONCE = 4
"""Pieces of work at a time; OpenSSL and the resolver let others run meanwhile, Python's own code takes turns."""


class Aside(Executor):
    """At most `most` threads, started when they are first needed, that end with the program."""

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._work: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = (
            queue.SimpleQueue()
        )
        self._idle = threading.Semaphore(0)
        self._threads = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        self._work.put((future, lambda: fn(*args, **kwargs)))
        if not self._idle.acquire(blocking=False) and self._threads < self._most:
            self._threads += 1
            threading.Thread(target=self._serve, name=self._name, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads end when they have done what they were given; never waits for that."""
        for _ in range(self._threads):
            self._work.put(None)

    def _serve(self) -> None:
        while (given := self._work.get()) is not None:
            _do(*given)
            del given  # What it holds must not live until the next work comes.
            self._idle.release()


def _do(future: Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return  # Nobody waits for it any more.
    try:
        found = work()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(found)


_OUTSIDE = Aside(AT_ONCE, "agw-outside")


async def aside(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns, done in a thread. If the caller is cancelled, nobody hears of the result any more."""
    return await run_in(_OUTSIDE, work, *args, **kwargs)


async def run_in(threads: Aside, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """The same in threads of the caller's own, for work that may take long and should hold up only its like."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(threads, lambda: work(*args, **kwargs))
