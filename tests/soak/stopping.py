"""A soak that is ended early, by Ctrl-C or SIGTERM: its processes and their servers end with it."""

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from multiprocessing.util import Finalize
from types import FrameType

from tests import postgresql

_ending = False
"""Whether this process has been told to end."""


@contextmanager
def ended_with_its_workers(pool: Executor) -> Iterator[None]:
    """SIGTERM leaves this block as Ctrl-C does; whatever leaves it early ends the pool's processes as well."""
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for it in multiprocessing.active_children():
            it.terminate()
        raise


def prepare_worker() -> None:
    """In each process of the pool: end what it has started when it ends, and end when it is told to."""
    Finalize(None, postgresql.stop, exitpriority=1)
    signal.signal(signal.SIGTERM, _end)
    # Ctrl-C reaches every process of a terminal; the first one tells the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def go_on() -> None:
    """Raises `SystemExit` in a process that was told to end: a pool takes that for a failure of one piece of work, and
    hands out the next one."""
    if _ending:
        raise SystemExit


def _end(_: int, __: FrameType | None) -> None:
    global _ending
    if not _ending:
        _ending = True
        raise SystemExit(128 + signal.SIGTERM)
