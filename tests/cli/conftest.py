"""Commands against the lab's world."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import pytest

from bot.cli.main import main
from bot.lab.world import World
from tests.cli.running import Ran, world_of
from tests.eventloop import LeapingLoop

Here = Callable[..., Awaitable[Ran]]
T = TypeVar("T")


def _leaping(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(work)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Microsoft's incident on v1."""
    async with world_of("ilb-ase") as found:
        yield found


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Run a command in this process, in a thread: it brings its own event loop.

    `leaping`: its clock leaps, as a test's does; only for a command that has its whole world in that loop.
    """
    # Set by pytest-xdist, whose processes have no terminal either.
    monkeypatch.delenv("COLUMNS", raising=False)

    async def run(settings: Mapping[str, str], *arguments: str, leaping: bool = False) -> Ran:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        with monkeypatch.context() as patched:
            if leaping:
                patched.setattr(asyncio, "run", _leaping)
            code = await asyncio.to_thread(main, arguments)
        return Ran(code, *capsys.readouterr())

    return run
