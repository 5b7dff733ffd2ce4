"""Runs `agw` as a person would: in a process of its own, or in this one where that says the same sooner."""

import asyncio
import fcntl
import json
import os
import struct
import sys
import termios
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.lab.scenarios import scenario as named
from bot.lab.world import World, open_world
from tests.children import ROOT, Child, start

GUARDED = "tests.cli.guarded"
DEADLINE = 100.0
"""Seconds, a little less than pytest gives a test. A busy machine is no fault of a story, which waits in real time."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    def is_one_sentence(self) -> bool:
        """Whether stderr holds what was promised for errors, and no traceback."""
        return self.err.startswith("agw: ") and self.err.count("\n") == 1


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """A shell with nothing but these settings; HOME is the test's own."""
    ours = ("PATH", "HOME", "XDG_STATE_HOME")
    return {**{name: os.environ[name] for name in ours if name in os.environ}, **settings}


@asynccontextmanager
async def started(
    settings: Mapping[str, str], *arguments: str, anew: bool = False
) -> AsyncIterator[Child | asyncio.subprocess.Process]:
    """A command in a process of its own, which cannot leave loopback either; gone after the block.

    `anew`: in an interpreter that is started for it, as for a person.
    """
    process = await (_anew if anew else _forked)(settings, *arguments)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _anew(settings: Mapping[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", GUARDED, *arguments),
        cwd=ROOT,
        env=environment(settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def _forked(
    settings: Mapping[str, str], *arguments: str, out: int = asyncio.subprocess.PIPE
) -> Child:
    return await start(GUARDED, *arguments, environment=environment(settings), out=out)


async def agw(settings: Mapping[str, str], *arguments: str, anew: bool = False) -> Ran:
    """A command from its start to its end, in a process of its own."""
    async with (
        started(settings, *arguments, anew=anew) as process,
        asyncio.timeout(DEADLINE),
    ):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Ran(process.returncode, out.decode(), err.decode())


async def in_a_terminal(settings: Mapping[str, str], *arguments: str) -> str:
    """What a terminal shows."""
    ours, theirs = os.openpty()
    try:
        process = await _forked(settings, *arguments, out=theirs)
    finally:
        os.close(theirs)
    try:
        return await asyncio.to_thread(_all_of, ours)
    finally:
        os.close(ours)
        await process.communicate()


async def at_a_terminal(
    settings: Mapping[str, str], *arguments: str, width: int = 80
) -> tuple[int, str]:
    """The exit code, and what a person gets who is at a terminal: all streams are that."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", GUARDED, *arguments),
            cwd=ROOT,
            env=environment(settings),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
    finally:
        os.close(theirs)
    try:
        shown = await asyncio.to_thread(_all_of, ours)
    finally:
        os.close(ours)
    return await process.wait(), shown


def _all_of(terminal: int) -> str:
    shown = b""
    # Linux ends a terminal that nobody writes to any more with EIO.
    with suppress(OSError):
        while data := os.read(terminal, 4096):
            shown += data
    return shown.decode()


async def without_a_reader(settings: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """The exit code and stderr of a command whose output nobody reads, as with `| true`."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        process = await _forked(settings, *arguments, out=writing)
    finally:
        os.close(writing)
    _, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, err.decode()


async def redirected(redirection: str, *arguments: str) -> Ran:
    """A command whose streams a shell sends elsewhere, as in `agw ... >/dev/full`."""
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-m", GUARDED, *arguments),
        cwd=ROOT,
        env=environment({}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return Ran(process.returncode, out.decode(), err.decode())


@asynccontextmanager
async def world_of(name: str) -> AsyncIterator[World]:
    """A scenario with quick Azure operations, once its gateway has looked at its backends.

    Its Azure asks for no pause between two looks: a command in a process of its own would really make it.
    """
    scenario = named(name)
    quick = replace(scenario.options, put_seconds=0.2, health_seconds=0.02, retry_after=0)
    async with open_world(replace(scenario, options=quick)) as world:
        gateway = scenario.expected.gateway
        await world.azure.wait_health(gateway, lambda them: all(it.health for it in them))
        yield world
