"""One deadline for a whole diagnosis, whoever is silent: what was found is shown, the rest told as not tried."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from bot.aside import aside
from bot.cli.wiring import now
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.model.health import HealthNotKnown
from bot.core.model.observation import HandshakeFailed, NotTried
from bot.core.problem import Problem
from bot.core.rules import RULES
from bot.probe import NetworkProber
from bot.workflow import Policy, Step, diagnosing, observing
from bot.workflow.answers import Answers, ask_azure
from bot.workflow.diagnosing import Diagnostician, Examined
from bot.workflow.judging import NO_TIME
from bot.workflow.time_left import GRACE, TimeLeft
from tests.azure.conftest import ID, arm_at
from tests.azure.wild import SILENT, Reply, Request, answer, wild_server
from tests.core.make import document, v2_settings
from tests.probe.servers import saying, serving

MEMBERS = tuple(f"10.2.0.{number}" for number in range(1, 81))
GATEWAY = document(
    top_id=ID,
    tier="Standard_v2",
    servers=MEMBERS,
    backendHttpSettingsCollection=[v2_settings()],
)


@asynccontextmanager
async def silent_backends(
    health: Reply, gateway: Reply, timeout: float
) -> AsyncIterator[Diagnostician]:
    """A gateway with many members, each of which takes a connection and says nothing."""

    def reply(request: Request) -> Reply:
        if "backendhealth" in request.target.lower():
            return health
        return gateway if request.target.split("?")[0] == ID else SILENT

    async with (
        serving(saying(b"")) as backend,
        wild_server(reply) as server,
        arm_at(server.url) as arm,
    ):
        there = {(it, 443): backend.endpoint for it in MEMBERS}
        prober = NetworkProber(connect_to=there, loopback_only=True)
        yield Diagnostician(arm, prober, Policy(timeout=timeout), now)


async def examined(
    diagnostician: Diagnostician, steps: list[Step], most: float
) -> Examined | Problem:
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        return await diagnostician.examine(ID, steps.append)
    except Problem as problem:
        return problem
    finally:
        assert clock() - began <= most


async def test_silent_members_and_a_silent_report_take_no_more_than_the_time() -> None:
    steps: list[Step] = []
    async with silent_backends(SILENT, answer(200, GATEWAY), 20) as diagnostician:
        found = await examined(diagnostician, steps, 22)
    assert isinstance(found, Examined)
    assert found.report.verdict == "fault"
    assert isinstance(found.what_if.case.health, HealthNotKnown)
    kinds = {type(it.outcome) for it in found.what_if.case.observations}
    assert HandshakeFailed in kinds
    assert kinds <= {HandshakeFailed, NotTried}
    # Probing did not wait for the report.
    order = [(it.key, it.state) for it in steps]
    assert order.index(("probe", "running")) < order.index(("health", "done"))


async def test_a_gateway_that_cannot_be_read_in_time_is_one_sentence() -> None:
    async with silent_backends(SILENT, SILENT, 3) as diagnostician:
        found = await examined(diagnostician, [], 5)
    assert isinstance(found, Problem)
    assert found.code == "too_slow"
    assert found.message == "The gateway agw-one could not be read within 3 seconds."


async def test_what_was_seen_is_shown_where_there_is_no_time_to_judge_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def without_end(_: Case) -> Iterator[Match]:
        never = Event()
        while not never.wait(0.01):  # as slow as a rule can be
            yield Match("it goes on", ())

    rules = (RULES[0], replace(RULES[1], severity="warning", check=without_end), *RULES[2:])
    monkeypatch.setattr(diagnosing, "RULES", rules)
    steps: list[Step] = []
    async with silent_backends(SILENT, answer(200, GATEWAY), 2) as diagnostician:
        found = await examined(diagnostician, steps, 4)
    assert isinstance(found, Examined)
    report = found.report
    assert report.verdict == "undecided"
    # A busy machine may not even have had time for the first one.
    assert [it.because for it in report.undecided] == [NO_TIME]
    assert report.undecided[0].rule in {it.id for it in RULES[:2]}
    assert len(report.backends) == len(MEMBERS)
    assert any("no time to compare" in it for it in report.notes)
    assert found.what_if.rules is rules


async def test_a_judgement_that_takes_too_long_is_not_waited_for() -> None:
    blocked = asyncio.Event()
    time = TimeLeft(5)
    clock = asyncio.get_running_loop().time
    began = clock()
    assert await time.to_judge(blocked.wait()) is None
    assert 5 <= clock() - began <= 5 + GRACE + 0.5
    assert await time.to_read(blocked.wait()) is None
    assert time.to_look == 0.0
    assert await TimeLeft(5).to_judge(aside(len, "abc")) == 3


@pytest.mark.parametrize("seconds", [0.0, 0.001])
async def test_no_time_at_all_is_told(seconds: float) -> None:
    async with silent_backends(SILENT, answer(200, GATEWAY), seconds) as diagnostician:
        found = await examined(diagnostician, [], 2)
    assert isinstance(found, Problem)
    assert found.code == "too_slow"


async def test_azure_is_asked_even_if_nobody_can_say_yet_what_to_connect_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = asyncio.Event()

    async def busy(work: Callable[..., Any], *args: Any) -> Any:
        if work is wanted_attempts:
            # As when names are looked up in all threads, and no answer comes.
            await asked.wait()
        return await aside(work, *args)

    async def ask(*given: Any) -> Answers:
        asked.set()
        return await ask_azure(*given)

    monkeypatch.setattr(observing, "aside", busy)
    monkeypatch.setattr(observing, "ask_azure", ask)
    health = answer(200, {"backendAddressPools": []})
    async with silent_backends(health, answer(200, GATEWAY), 20) as diagnostician:
        found = await examined(diagnostician, [], 22)
    assert isinstance(found, Examined)
    assert asked.is_set()
