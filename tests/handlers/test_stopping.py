"""The end of the process: within Docker's ten seconds, whatever hangs, and with a word on the card."""

import asyncio
from pathlib import Path

import pytest

from bot.cli.shell import GRACE
from bot.jobs import LAST_WORDS, Jobs
from bot.lab.slack import SlackWorkspace
from tests.handlers.bench import ADA, APPROVE, INCIDENTS, Bench, buttons, open_bench, shown


async def test_a_change_under_way_is_handed_over_and_its_card_says_so(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack, grace=GRACE) as bench:
            card = await bench.report()
            bench.azure.operating.clear()
            await bench.press(card, APPROVE)
            await bench.card(lambda it: "Waiting for Azure" in shown(it))
        left = bench.cards()[-1]
        assert "Azure has this change and goes on with it" in shown(left)
        assert buttons(left) == []
        assert "Read back and compare" not in shown(left)
        bench.azure.operating.set()
        again = open_bench(tmp_path, slack=slack, azure=bench.azure, clock=bench.clock)
        async with again as later:
            await later.card(lambda it: "healthy again" in it["text"])
            assert len(bench.azure.puts) == 1


async def test_before_the_put_nothing_is_said_to_have_been_sent(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack, grace=GRACE) as bench:
            card = await bench.report()
            bench.azure.reading.clear()
            await bench.press(card, APPROVE)
            await bench.card(lambda it: "Checking gateway" in shown(it))
        assert "Nothing of this change has been sent" in shown(bench.cards()[-1])
        assert bench.azure.puts == []


@pytest.mark.parametrize("silent", ["chat.update", "chat.postEphemeral", "usergroups.users.list"])
async def test_nothing_that_hangs_holds_the_end_up(bench: Bench, silent: str) -> None:
    card = await bench.report()
    await bench.idle()
    bench.azure.operating.clear()
    bench.slack.faults.hang(silent, times=99)
    await bench.click(card, APPROVE)
    await bench.slack.post(ADA, INCIDENTS, "<@U0AGW> help")
    await bench.slack.wait_for(lambda: bench.shell.jobs.tasks)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await bench.shell.jobs.stop(GRACE)
    # What remains of the ten seconds is for connections to close.
    assert loop.time() - began < 9
    assert GRACE + 2 * LAST_WORDS < 9


async def test_a_change_is_cancelled_as_soon_as_that_is_safe() -> None:
    jobs, safe, ends = Jobs(), asyncio.Event(), list[str]()

    async def change() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("cancelled" if safe.is_set() else "too early")

    async def sent() -> None:
        await safe.wait()

    async def nobody(_: str) -> None:
        raise AssertionError("it did not fail")

    jobs.start("c", change, nobody, kind="change", gateway="g", safe=sent)
    await asyncio.sleep(0)
    stopping = asyncio.create_task(jobs.stop(3600))
    await asyncio.sleep(1)
    assert ends == []
    safe.set()
    await stopping
    assert ends == ["cancelled"]
    assert jobs.tasks == ()


async def test_if_nobody_can_say_whether_it_is_safe_a_change_is_not_waited_for() -> None:
    jobs = Jobs()

    async def change() -> None:
        await asyncio.Event().wait()

    async def broken() -> None:
        raise RuntimeError("no store")

    async def nobody(_: str) -> None:
        raise AssertionError("it did not fail")

    jobs.start("c", change, nobody, kind="change", gateway="g", safe=broken)
    await asyncio.sleep(0)
    began = asyncio.get_running_loop().time()
    await jobs.stop(3600)
    assert asyncio.get_running_loop().time() - began < 60
    assert jobs.tasks == ()


async def test_a_second_stop_ends_last_words_that_hang_and_waits_for_nothing() -> None:
    jobs, never = Jobs(), asyncio.Event()

    async def change() -> None:
        try:
            await never.wait()
        except asyncio.CancelledError:
            await never.wait()

    async def sending() -> None:
        await never.wait()

    async def nobody(_: str) -> None:
        raise AssertionError("it did not fail")

    jobs.start("c", change, nobody, kind="change", gateway="g", safe=sending)
    await asyncio.sleep(0)
    await jobs.stop(GRACE)
    assert jobs.tasks != ()
    loop = asyncio.get_running_loop()
    began = loop.time()
    await jobs.stop(GRACE)
    assert jobs.tasks == ()
    assert loop.time() - began < LAST_WORDS
