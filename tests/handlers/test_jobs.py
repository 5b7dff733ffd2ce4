"""Jobs: one of a name, one change of a gateway, failures told, an end in good order."""

import asyncio

import pytest

from bot.core.problem import Problem
from bot.jobs import Jobs


class Told:
    """Collects what persons are told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def __call__(self, sentence: str) -> None:
        self.said.append(sentence)


async def settled(jobs: Jobs) -> None:
    async with asyncio.timeout(5):
        while jobs.tasks:
            await asyncio.wait(jobs.tasks)
            await asyncio.sleep(0)


async def test_a_second_job_of_a_running_name_is_not_started() -> None:
    jobs, told, gate, ran = Jobs(), Told(), asyncio.Event(), []

    async def work() -> None:
        ran.append(1)
        await gate.wait()

    assert jobs.start("one", work, told)
    assert not jobs.start("one", work, told)
    assert jobs.running("one")
    gate.set()
    await settled(jobs)
    assert jobs.start("one", work, told)
    await settled(jobs)
    assert ran == [1, 1]
    assert not jobs.running("one")


async def test_one_change_of_a_gateway_waits_for_the_other() -> None:
    jobs, told = Jobs(), Told()
    elsewhere = asyncio.Event()
    order: list[str] = []

    async def first() -> None:
        await elsewhere.wait()
        order.append("first")

    async def second() -> None:
        order.append("second")

    async def other_gateway() -> None:
        order.append("elsewhere")
        elsewhere.set()

    jobs.start("a", first, told, kind="change", gateway="/GW/1")
    jobs.start("b", second, told, kind="change", gateway="/gw/1")
    jobs.start("c", other_gateway, told, kind="change", gateway="/gw/2")
    await settled(jobs)
    assert order == ["elsewhere", "first", "second"]


async def test_a_problem_is_told_as_it_is() -> None:
    jobs, told = Jobs(), Told()

    async def work() -> None:
        raise Problem("forbidden", "I may not.", "Ask for it.")

    jobs.start("x", work, told)
    await settled(jobs)
    assert told.said == ["I may not. Ask for it."]


async def test_the_unexpected_is_logged_under_the_reference_that_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    jobs, told = Jobs(), Told()

    async def work() -> None:
        raise RuntimeError("token xoxb-secret")

    jobs.start("x", work, told)
    await settled(jobs)
    (said,) = told.said
    assert "xoxb-secret" not in said
    reference = said.rpartition("reference: ")[2].rstrip(".")
    (record,) = [it for it in caplog.records if it.levelname == "ERROR"]
    assert reference in record.message
    assert record.exc_info is not None


async def test_if_it_cannot_be_told_it_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    jobs = Jobs()

    async def work() -> None:
        raise Problem("x", "It failed.")

    async def deaf(_: str) -> None:
        raise Problem("y", "Slack is gone.")

    jobs.start("x", work, deaf)
    await settled(jobs)
    assert any("Slack is gone" in it.message for it in caplog.records)


async def test_a_chore_comes_again_after_a_failure() -> None:
    jobs, rounds, done = Jobs(), [0], asyncio.Event()

    async def chore() -> None:
        rounds[0] += 1
        if rounds[0] == 1:
            raise RuntimeError("once")
        done.set()

    jobs.every(0.0, "chore", chore)
    await asyncio.wait_for(done.wait(), 5)
    await jobs.stop(0.0)
    assert jobs.tasks == ()


async def test_what_stands_in_a_chores_way_is_logged_when_it_changes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    jobs, done = Jobs(), asyncio.Event()
    ways = iter(["away", "away", "", "", "deleted"])

    async def chore() -> None:
        if (way := next(ways, None)) is None:
            done.set()
        elif way:
            raise Problem("database", f"The database is {way}.", "")

    jobs.every(0.0, "chore", chore)
    await asyncio.wait_for(done.wait(), 5)
    await jobs.stop(0.0)
    said = [it.getMessage() for it in caplog.records if it.levelname == "WARNING"]
    away, works = "chore: The database is away.", "chore: works again"
    assert [it.strip() for it in said] == [away, works, "chore: The database is deleted.", works]


async def test_at_the_end_changes_are_waited_for_and_all_else_is_cancelled() -> None:
    jobs, told, gate = Jobs(), Told(), asyncio.Event()
    ends: list[str] = []

    async def change() -> None:
        await gate.wait()
        ends.append("change done")

    async def diagnosis() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("diagnosis cancelled")
            gate.set()

    jobs.start("c", change, told, kind="change", gateway="g")
    jobs.start("d", diagnosis, told, kind="diagnosis", gateway="g")
    await asyncio.sleep(0)
    await jobs.stop(5.0)
    assert ends == ["diagnosis cancelled", "change done"]
    assert not jobs.start("late", change, told)
    assert told.said == []


async def test_a_change_that_takes_too_long_is_left_to_the_next_start() -> None:
    jobs, told = Jobs(), Told()

    async def change() -> None:
        await asyncio.Event().wait()

    jobs.start("c", change, told, kind="change", gateway="g")
    await asyncio.sleep(0)
    await jobs.stop(0.01)
    await asyncio.sleep(0)
    assert jobs.tasks == ()
