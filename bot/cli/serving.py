"""Running until the process is asked to stop."""

import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine
from typing import Any

TURN = 0.001
"""Seconds that one thread may hold the interpreter while another waits for it."""


async def until_signal(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end, or until SIGTERM or SIGINT: then it is cancelled and cleans up.

    Signals are heeded from the start, even while the bot is still connecting. Only the first one counts, because a
    change under way has to reach a safe point.
    """
    task = asyncio.create_task(work)
    asked = asyncio.Event()

    def stop() -> None:
        if not asked.is_set():
            asked.set()
            task.cancel()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not asked.is_set():
            raise
    finally:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)


def keep_for_good() -> None:
    """What is there now is never garbage, so Python need not look at it again.

    Otherwise each full collection goes through all modules, and everybody waits for its end, whichever thread began it:
    https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.collect()
    gc.freeze()


def give_way() -> None:
    """Judging, which is in a thread, lets whoever waits for Python's interpreter go on after a fifth of the usual time.

    Acknowledgements have to wait for it whenever something is sent, received or stored meanwhile:
    https://docs.python.org/3/library/sys.html#sys.setswitchinterval
    """
    sys.setswitchinterval(TURN)


async def for_ever() -> None:
    """Wait until cancelled."""
    await asyncio.Event().wait()
