"""Acknowledgements come before the work for those who were acknowledged already."""

import asyncio

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from handlers.acks import AT_ONCE, PATIENCE, SOON, Acks
from tests.handlers.bench import BEN, INCIDENTS, Bench


async def test_work_begins_when_nothing_is_owed() -> None:
    acks, begun = Acks(), asyncio.Event()

    async def work() -> None:
        async with acks.given():
            begun.set()

    with acks.owed(), acks.owed():
        task = asyncio.create_task(work())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SOON / 2):
                await begun.wait()
    before = asyncio.get_running_loop().time()
    await task
    assert asyncio.get_running_loop().time() - before < PATIENCE / 4


async def test_but_not_later_than_a_person_may_wait() -> None:
    acks = Acks()
    began = asyncio.get_running_loop().time()

    async def one_after_another(late: float) -> None:
        await asyncio.sleep(late)
        while True:
            with acks.owed():
                await asyncio.sleep(SOON / 2)

    async def work() -> float:
        async with acks.given():
            return asyncio.get_running_loop().time() - began

    # Two of them, so that there is no moment at which none is owed.
    always = [asyncio.create_task(one_after_another(it)) for it in (0, SOON / 4)]
    await asyncio.sleep(0)
    # Those that wait for their turn have waited as well: each of them begins in time, however many there are.
    waited = await asyncio.gather(*(work() for _ in range(10 * AT_ONCE)))
    for it in always:
        it.cancel()
    assert min(waited) >= PATIENCE
    assert max(waited) < 1.5 * PATIENCE


async def test_a_few_begin_at_a_time() -> None:
    acks = Acks()
    beginning = most = 0

    async def work() -> None:
        nonlocal beginning, most
        async with acks.given():
            beginning += 1
            most = max(most, beginning)
            await asyncio.sleep(1)
            beginning -= 1

    await asyncio.gather(*(work() for _ in range(3 * AT_ONCE)))
    assert most == AT_ONCE


async def test_nobody_is_answered_while_slack_waits_for_somebody_else(bench: Bench) -> None:
    with bench.shell.acks.owed():
        assert (await bench.slack.command(BEN, INCIDENTS, "/agw version")).ok
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SOON / 2):
                await bench.told(BEN, "agw")
    await bench.told(BEN, "agw")


async def test_an_acknowledgement_is_owed_from_delivery_to_answer(bench: Bench) -> None:
    owed: list[bool] = []

    async def listen(ack: AsyncAck) -> None:
        owed.append(bench.shell.acks.are_owed)
        await ack()

    bench.app.command("/other")(listen)
    body = {"command": "/other", "team_id": "T0LAB", "user_id": BEN, "channel_id": INCIDENTS}
    answer = await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    assert (answer.status, owed) == (200, [True])
    assert not bench.shell.acks.are_owed


async def test_one_that_waits_for_something_itself_is_not_waited_for_long() -> None:
    acks = Acks()
    began = asyncio.get_running_loop().time()
    with acks.owed():
        async with acks.given():
            waited = asyncio.get_running_loop().time() - began
        assert SOON <= waited < PATIENCE
        assert not acks.are_owed
        with acks.owed():
            assert acks.are_owed
        assert not acks.are_owed
    assert not acks.are_owed


async def test_who_is_not_heard_because_the_bot_restarts_is_told_so(bench: Bench) -> None:
    with bench.shell.acks.owed():
        assert (await bench.slack.command(BEN, INCIDENTS, "/agw version")).ok
        await bench.shell.jobs.stop(0)
    await bench.told(BEN, "I am restarting. Try again in a minute.")
    assert "agw 0" not in str(bench.slack.ephemerals(BEN, INCIDENTS))
