"""Child processes of tests. A Python that imports the bot takes a second to start; one that is forked from a Python
that has imported it takes none. It is a process of its own all the same, which may be killed at any moment.

    child = await start("tests.cli.guarded", "diagnose", "agw-test", environment={...})
    out, err = await child.communicate()

The few tests that are about the start of an interpreter use asyncio's own subprocesses.
"""

import asyncio
import multiprocessing
import os
import random
import runpy
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, chdir
from io import BufferedReader, BufferedWriter, FileIO, TextIOWrapper
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from tests.eventloop import in_real_time

ROOT = Path(__file__).parents[1]

# One server for each test process, started for the first child:
# https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods
_FORKS = multiprocessing.get_context("forkserver")
_COMMANDS = ("main", "serve", "diagnose", "lab", "check", "audit")
_EDGES = ("bot.azure", "bot.probe", "bot.store", "bot.workflow", "handlers")
_FORKS.set_forkserver_preload([*(f"bot.cli.{name}" for name in _COMMANDS), *_EDGES])


class _Said(asyncio.StreamReaderProtocol):
    """One of its streams; `over` once it has ended."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self.over = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.over.set()


class Child:
    """A process that runs; used as `asyncio.subprocess.Process` is."""

    stdin: asyncio.StreamWriter
    stderr: asyncio.StreamReader

    def __init__(self, process: Any) -> None:
        self.returncode: int | None = None
        self.stdout = asyncio.StreamReader()
        self.stdout.feed_eof()
        self._process = process
        self._ended = asyncio.Event()
        self._endings = [self._ended]
        self._outside = ExitStack()
        self._outside.enter_context(in_real_time())

    @property
    def pid(self) -> int:
        """Its number, as it names itself; only while it runs."""
        return int(self._process.pid)

    async def wait(self) -> int:
        """The exit code, once there is one; negative: the signal that ended it."""
        for ending in self._endings:
            await ending.wait()
        assert self.returncode is not None
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """End its stdin, and read what it still says until it has ended."""
        self.stdin.close()
        out, err, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        return out, err

    def watch(self) -> None:
        """Wait for its end from now on: once its streams are known, for it may have ended already."""
        asyncio.get_running_loop().add_reader(self._process.sentinel, self._end)

    async def reads(self, descriptor: int) -> asyncio.StreamReader:
        """Where what it writes to a pipe arrives."""
        reader = asyncio.StreamReader()
        _, said = await asyncio.get_running_loop().connect_read_pipe(
            lambda: _Said(reader), FileIO(descriptor)
        )
        self._endings.append(said.over)
        return reader

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self.returncode = self._process.exitcode
        self._process.close()
        self.stdin.close()
        self._outside.close()
        self._ended.set()


async def start(
    module: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    out: int = PIPE,
) -> Child:
    """`python -m module` in the project's folder and in an environment, by default this one.

    Its streams are pipes; `out` may also be a descriptor, for stdout.
    """
    our_in, their_in = socket.socketpair()
    our_out, their_out = os.pipe() if out == PIPE else (None, out)
    our_err, their_err = os.pipe()
    streams = [_Passed(it) for it in (their_in.fileno(), their_out, their_err)]
    given = dict(os.environ if environment is None else environment)
    process = _FORKS.Process(target=_become, args=(module, arguments, given, streams), daemon=True)
    # The server, if it starts now, finds the bot's packages where this process does.
    with chdir(ROOT):
        process.start()
    child = Child(process)
    _, child.stdin = await asyncio.open_connection(sock=our_in)
    child.stderr = await child.reads(our_err)
    if our_out is not None:
        child.stdout = await child.reads(our_out)
    child.watch()
    their_in.close()
    os.close(their_err)
    if out == PIPE:
        os.close(their_out)
    return child


class _Passed:
    """A descriptor that goes to a child; there it arrives as the number that it has in the child."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrived, (DupFd(self._descriptor),)


def _arrived(sent: Any) -> int:
    return int(sent.detach())


def _become(
    module: str, arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]
) -> None:
    """In the child: find what a new interpreter would find, and run the module."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = TextIOWrapper(BufferedReader(FileIO(0, closefd=False)), "utf-8")
    sys.stdout = TextIOWrapper(BufferedWriter(FileIO(1, "w", closefd=False)), "utf-8")
    sys.stderr = TextIOWrapper(
        BufferedWriter(FileIO(2, "w", closefd=False)), "utf-8", line_buffering=True
    )
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    random.seed()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
