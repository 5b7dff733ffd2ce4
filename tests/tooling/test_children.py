"""A child process may end before its parent has got as far as to listen to it: then its end is seen all the same."""

import asyncio
import multiprocessing
from multiprocessing.connection import wait
from typing import Any

import pytest

from tests import children
from tests.cli.running import GUARDED, environment


async def test_the_end_of_a_child_that_ends_at_once_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connected = asyncio.open_connection

    async def once_no_child_is_left(**it: Any) -> Any:
        for one in multiprocessing.active_children():
            await asyncio.to_thread(wait, [one.sentinel])
        return await connected(**it)

    monkeypatch.setattr(asyncio, "open_connection", once_no_child_is_left)
    child = await children.start(GUARDED, "--version", environment=environment({}))
    async with asyncio.timeout(20):
        out, err = await child.communicate()
    assert (child.returncode, err) == (0, b"")
    assert out.startswith(b"agw ")
