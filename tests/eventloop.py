"""The event loop of every test: its clock jumps over time in which nothing can happen.

Bot, Slack, Azure, DNS and backends of a test live in one loop and talk over loopback. When none of them has
anything to read and the next thing is a timer, there is nothing to wait for: the clock is moved on to that
timer. So pauses, polling and servers that never answer cost no time, and a deadline may be as long as in
life, which is what keeps a busy machine from looking like a silent server.

Work outside the loop takes the time that it takes: while a thread of an executor or a child process is at
work, or a test says `in_real_time`, the clock goes as it always does.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_GRACE = 0.01
"""Seconds without news after which nothing is under way between two sockets any more."""


class LeapingLoop(asyncio.SelectorEventLoop):
    """Never sleeps where it could know the end of its sleep.

    `grace`: 0 where nothing in the loop talks over sockets, so that nothing can be under way between two of them.
    """

    def __init__(self, grace: float = _GRACE) -> None:
        self.grace = grace
        self._leapt = 0.0
        self._outside = 0
        self._children: list[asyncio.SubprocessTransport] = []
        super().__init__(_Selector(self))

    def time(self) -> float:
        return super().time() + self._leapt

    @property
    def leapt(self) -> float:
        """How far the clock was put forward, in seconds."""
        return self._leapt

    def leap(self, seconds: float) -> None:
        """Put the clock forward."""
        self._leapt += seconds

    @property
    def is_alone(self) -> bool:
        """Whether everything that can happen next happens in this loop."""
        self._children = [it for it in self._children if it.get_returncode() is None]
        return not self._outside and not self._children

    @contextmanager
    def in_real_time(self) -> Iterator[None]:
        """Something outside is at work, which needs real time."""
        self._outside += 1
        try:
            yield
        finally:
            self._outside -= 1

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        self._outside += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._came_back)
        return future

    async def subprocess_exec(self, *args: Any, **kwargs: Any) -> Any:
        return await self._started(super().subprocess_exec(*args, **kwargs))

    async def subprocess_shell(self, *args: Any, **kwargs: Any) -> Any:
        return await self._started(super().subprocess_shell(*args, **kwargs))

    async def _started(self, start: Coroutine[Any, Any, Any]) -> Any:
        with self.in_real_time():
            transport, protocol = await start
        self._children.append(transport)
        return transport, protocol

    def _came_back(self, future: asyncio.Future[Any]) -> None:
        self._outside -= 1


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: LeapingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        grace = self._loop.grace
        if timeout is None or timeout <= grace or not self._loop.is_alone:
            return super().select(timeout)
        if not (ready := super().select(grace)):
            self._loop.leap(timeout - grace)
        return ready


def this_loop() -> LeapingLoop:
    """The loop that runs, which in a test is always of this kind."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, LeapingLoop)
    return loop


def in_real_time() -> AbstractContextManager[None]:
    """Something outside is at work, which needs real time; in an ordinary loop there is no other."""
    loop = asyncio.get_running_loop()
    return loop.in_real_time() if isinstance(loop, LeapingLoop) else nullcontext()
