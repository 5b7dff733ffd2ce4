"""Long-running work outside the listeners: one diagnosis and one change at a time per gateway.

A job is an asyncio task with a name. A second job of the same name is not started while the first one runs, so a press
that arrives twice does its work once. If a job fails, the person waiting for it is told in one sentence; an unexpected
error also gets a reference, under which the log has its trace.

Surviving a restart is up to the store: a change whose job was stopped here is resumed later.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Literal
from weakref import WeakValueDictionary

from bot.core.problem import Problem

log = logging.getLogger(__name__)

LAST_WORDS = 2.0
"""Seconds that a cancelled job has to bring its card up to date."""

Kind = Literal["diagnosis", "change", "short"]
Work = Callable[[], Awaitable[None]]
Safe = Callable[[], Awaitable[None]]
"""Returns as soon as a job may be cancelled without harm."""
Tell = Callable[[str], Awaitable[None]]
"""Receives the reason why a job failed, worded for a person."""


class Jobs:
    """Every job under way in this process."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._kinds: dict[str, Kind] = {}
        self._safe: dict[str, Safe] = {}
        self._locks: WeakValueDictionary[tuple[Kind, str], asyncio.Lock] = WeakValueDictionary()
        self._stopping = False

    def start(
        self,
        name: str,
        work: Work,
        failed: Tell,
        *,
        kind: Kind = "short",
        gateway: str = "",
        safe: Safe | None = None,
    ) -> bool:
        """Start a job; False if one of that name is already running, or if everything is being stopped.

        With a `gateway`, its jobs of one kind run one after another. `safe` is for changes: see `stop`.
        """
        if self._stopping or name in self._tasks:
            return False
        self._kinds[name] = kind
        if safe is not None:
            self._safe[name] = safe
        self._tasks[name] = asyncio.create_task(
            self._run(work, failed, kind, gateway.lower()), name=name
        )
        self._tasks[name].add_done_callback(lambda _: self._forget(name))
        return True

    def every(self, seconds: float, name: str, work: Work) -> None:
        """Repeat a task until everything is stopped; a failure is logged, once, and the task is repeated anyway."""
        trouble = _Trouble(name)

        async def round_() -> None:
            await work()
            await trouble.over()

        async def rounds() -> None:
            while True:
                await _guarded(round_, trouble.tell)
                await asyncio.sleep(seconds)

        self.start(name, rounds, _nobody)

    def running(self, name: str) -> bool:
        """Whether a job of that name is under way."""
        return name in self._tasks

    @property
    def tasks(self) -> tuple[asyncio.Task[None], ...]:
        """The tasks under way, each named like its job."""
        return tuple(self._tasks.values())

    async def stop(self, grace: float) -> None:
        """Start nothing more, and cancel everything: changes when that is safe, or after `grace` seconds.

        It takes at most `grace` and `LAST_WORDS` seconds. When it is called again, it only ends what is left, with its
        last words.
        """
        if self._stopping:
            await _cancelled(set(self._tasks.values()))
            return
        self._stopping = True
        changes = {self._tasks[name] for name, kind in self._kinds.items() if kind == "change"}
        held = [
            asyncio.create_task(_until_safe(self._tasks[name], self._safe.get(name)))
            for name, kind in self._kinds.items()
            if kind == "change"
        ]
        others = set(self._tasks.values()) - changes
        await asyncio.gather(_cancelled(others), _patience(held, grace))
        await _cancelled({it for it in changes if not it.done()})

    async def _run(self, work: Work, failed: Tell, kind: Kind, gateway: str) -> None:
        if not gateway:
            await _guarded(work, failed)
            return
        async with self._alone(kind, gateway):
            await _guarded(work, failed)

    @asynccontextmanager
    async def _alone(self, kind: Kind, gateway: str) -> AsyncIterator[None]:
        # The dictionary keeps a lock only while somebody holds it or waits for it.
        lock = self._locks.setdefault((kind, gateway), asyncio.Lock())
        async with lock:
            yield

    def _forget(self, name: str) -> None:
        del self._tasks[name], self._kinds[name]
        self._safe.pop(name, None)


class _Trouble:
    """What stands in a repeated task's way, logged when it begins, changes and ends, and not at every repetition."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._last = ""

    async def tell(self, sentence: str) -> None:
        if sentence != self._last:
            log.warning("%s: %s", self._name, sentence)
        self._last = sentence

    async def over(self) -> None:
        if self._last:
            log.warning("%s: works again", self._name)
        self._last = ""


def explain(error: Exception, doing: str) -> str:
    """An error in one or two sentences for a person; logs the trace of an unexpected one."""
    if isinstance(error, Problem):
        log.info("%s: %s (%s)", doing, error, error.code)
        return str(error)
    reference = secrets.token_hex(4)
    log.error("reference %s: %s failed", reference, doing, exc_info=error)
    return (
        "An unexpected error stopped this."
        f" Try again; if it happens again, give the people who run me this reference: {reference}."
    )


async def _guarded(work: Work, failed: Tell) -> None:
    # A boundary: nobody awaits a job, so an exception that got past this would be lost.
    task = asyncio.current_task()
    doing = task.get_name() if task is not None else "a job"
    try:
        await work()
    except Exception as error:
        try:
            await failed(explain(error, doing))
        except Exception as unsaid:
            log.warning("%s: nobody could be told of its failure: %s", doing, unsaid)


async def _nobody(_: str) -> None:
    """For tasks that nobody waits for; the log has the failure."""


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=LAST_WORDS)


async def _until_safe(task: asyncio.Task[None], safe: Safe | None) -> None:
    """Until the task has ended, or may be cancelled; one that cannot say when it may is waited for."""
    if safe is None:
        await asyncio.wait({task})
        return
    asked = asyncio.create_task(_guarded(safe, _nobody), name=f"{task.get_name()}: is it safe")
    try:
        await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        asked.cancel()


async def _patience(tasks: Collection[asyncio.Task[None]], seconds: float) -> None:
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
