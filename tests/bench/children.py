"""Servers of a measurement, in a process of their own so that their work is not measured."""

import asyncio
import json
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any


@asynccontextmanager
async def servers(module: str, *arguments: str) -> AsyncIterator[Any]:
    """Run a module that prints where its servers are, as JSON; end it afterwards."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        await ended(process)


async def ended(process: Process) -> None:
    """Kill it, and wait until it is gone.

    What it printed is read to its end: `Process.wait` never returns where more is left than a reader takes at a time.
    """
    with suppress(ProcessLookupError):
        process.kill()
    await process.communicate()


async def until_asked(ready: Any) -> None:
    """In that process: say where the servers are, and serve until stdin ends."""
    print(json.dumps(ready), flush=True)
    await asyncio.to_thread(sys.stdin.read)
