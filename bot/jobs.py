"""Long work off the listeners: one diagnosis and one change at a time for one gateway.

A job is an asyncio task with a name. A second job of the same name is not started while the first one runs, so a
press that arrives twice does its work once. Whatever goes wrong in a job is told to the person who waits for it,
in one sentence; what nobody foresaw also gets a reference, and its trace goes to the log under that reference.

What survives a restart is the store's business: a change whose job was ended here is gone on with later.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Literal
from weakref import WeakValueDictionary

from bot.core.problem import Problem

log = logging.getLogger(__name__)

LAST_WORDS = 5.0
"""Seconds that a cancelled job has to leave its card in order."""

Kind = Literal["diagnosis", "change", "short"]
Work = Callable[[], Awaitable[None]]
Tell = Callable[[str], Awaitable[None]]
"""Told why a job failed, in words for a person."""


class Jobs:
    """Every piece of work under way in this process."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._kinds: dict[str, Kind] = {}
        self._locks: WeakValueDictionary[tuple[Kind, str], asyncio.Lock] = WeakValueDictionary()
        self._stopping = False

    def start(
        self, name: str, work: Work, failed: Tell, *, kind: Kind = "short", gateway: str = ""
    ) -> bool:
        """Begin a job; False if one of that name runs already, or if everything is being stopped.

        With a `gateway`, jobs of one kind for it run one after another.
        """
        if self._stopping or name in self._tasks:
            return False
        self._kinds[name] = kind
        self._tasks[name] = asyncio.create_task(
            self._run(work, failed, kind, gateway.lower()), name=name
        )
        self._tasks[name].add_done_callback(lambda _: self._forget(name))
        return True

    def every(self, seconds: float, name: str, work: Work) -> None:
        """Repeat a chore until everything is stopped; a failure is logged and the next round comes."""

        async def rounds() -> None:
            while True:
                await _guarded(work, _nobody)
                await asyncio.sleep(seconds)

        self.start(name, rounds, _nobody)

    def running(self, name: str) -> bool:
        """Whether a job of that name is under way."""
        return name in self._tasks

    @property
    def tasks(self) -> tuple[asyncio.Task[None], ...]:
        """Everything under way; a task bears its job's name."""
        return tuple(self._tasks.values())

    async def stop(self, patience: float) -> None:
        """Start nothing more, cancel all but changes, and wait for those up to `patience` seconds."""
        self._stopping = True
        changes = {self._tasks[name] for name, kind in self._kinds.items() if kind == "change"}
        others = set(self._tasks.values()) - changes
        await _cancelled(others)
        if changes:
            _, late = await asyncio.wait(changes, timeout=patience)
            await _cancelled(late)

    async def _run(self, work: Work, failed: Tell, kind: Kind, gateway: str) -> None:
        if not gateway:
            await _guarded(work, failed)
            return
        async with self._alone(kind, gateway):
            await _guarded(work, failed)

    @asynccontextmanager
    async def _alone(self, kind: Kind, gateway: str) -> AsyncIterator[None]:
        # The dictionary holds a lock only as long as somebody has it or waits for it.
        lock = self._locks.setdefault((kind, gateway), asyncio.Lock())
        async with lock:
            yield

    def _forget(self, name: str) -> None:
        del self._tasks[name], self._kinds[name]


def explain(error: Exception, doing: str) -> str:
    """An error in one or two sentences for a person; logs the trace of what nobody foresaw."""
    if isinstance(error, Problem):
        log.info("%s: %s (%s)", doing, error, error.code)
        return str(error)
    reference = secrets.token_hex(4)
    log.error("reference %s: %s failed", reference, doing, exc_info=error)
    return (
        "Something went wrong that I did not expect, and I stopped there."
        f" Try again; if it stays, give the people who run me this reference: {reference}."
    )


async def _guarded(work: Work, failed: Tell) -> None:
    # A boundary: nobody awaits a job, so an exception that left it here would be lost.
    task = asyncio.current_task()
    doing = task.get_name() if task is not None else "a job"
    try:
        await work()
    except Exception as error:
        try:
            await failed(explain(error, doing))
        except Exception as unsaid:
            log.warning("%s: its failure could not be told: %s", doing, unsaid)


async def _nobody(_: str) -> None:
    """For chores that no person waits for; the log has it."""


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=LAST_WORDS)
