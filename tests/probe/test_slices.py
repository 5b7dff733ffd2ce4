"""Short work on the event loop: in its order, a few milliseconds in a turn."""

import asyncio
import time
from functools import partial

import pytest

from bot.probe.slices import SLICE, Slices
from tests.probe.turns import counting_turns


def busy(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


async def test_the_loop_has_its_turn_between_two_slices() -> None:
    slices, done = Slices(), list[int]()
    with counting_turns() as turns:

        def work(number: int) -> None:
            busy(SLICE)
            done.append(number)
            turns.did()

        await asyncio.gather(*(slices.do(partial(work, it)) for it in range(5)))
    assert done == [0, 1, 2, 3, 4]
    assert turns.most == 1


async def test_short_work_shares_a_turn() -> None:
    slices = Slices()
    with counting_turns() as turns:
        await asyncio.gather(*(slices.do(turns.did) for _ in range(5)))
    assert turns.most > 1


async def test_what_it_raises_is_raised_and_others_go_on() -> None:
    slices = Slices()
    bad = asyncio.create_task(slices.do(lambda: 1 // 0))
    assert await slices.do(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await bad


async def test_who_no_longer_waits_is_left_out() -> None:
    slices, done = Slices(), list[str]()
    gone = asyncio.create_task(slices.do(lambda: done.append("gone")))
    await asyncio.sleep(0)
    gone.cancel()
    await slices.do(lambda: done.append("here"))
    assert done == ["here"]
