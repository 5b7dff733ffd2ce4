"""A pool may have 1,200 servers, so the work may grow no faster than they do: counted in calls, not in time."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.observation import NotConnected, Observation, Outcome
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import attempts_to_judge, try_options
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.make import (
    APP,
    NOW,
    answered,
    case,
    certificate,
    document,
    settings,
    v2_settings,
    what_if,
)

FEW, MANY = 15, 150
MOST_TIMES = 11

FAULTS: dict[str, Callable[[str], Outcome]] = {
    "refused": lambda server: NotConnected("refused", server, "connection refused"),
    "not found": lambda _: answered(APP, status=404, public=0),
    "its own certificate": lambda server: answered(certificate(server), public=20),
}


@pytest.mark.parametrize("tier", ["Standard", "Standard_v2"])
@pytest.mark.parametrize("fault", FAULTS)
def test_ten_times_the_servers_are_ten_times_the_work(fault: str, tier: str) -> None:
    few, many = (_calls(count, FAULTS[fault], tier) for count in (FEW, MANY))
    assert many < MOST_TIMES * few


def _calls(count: int, ends: Callable[[str], Outcome], tier: str) -> int:
    servers = tuple(f"10.2.{number // 250}.{number % 250}" for number in range(count))
    used = v2_settings() if tier.endswith("v2") else settings()
    base = document(tier=tier, servers=servers, backendHttpSettingsCollection=[used])
    empty = case(base)
    probes = (empty.probe_request(it).to(it.server) for it in empty.backends)
    seen = tuple(Observation(it, ends(it.server)) for it in probes)
    return _counted(lambda: _judged(Case(empty.gateway, empty.health, seen, NOW), base))


def _judged(made: Case, base: dict[str, object]) -> None:
    diagnosis = diagnose(made, RULES)
    paper = what_if(made, base)
    trials = try_options(paper, diagnosis, OPTIONS)
    attempts_to_judge(paper, trials)
    make_report(made, diagnosis, trials, RULES, NOW)


def _counted(work: Callable[[], None]) -> int:
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls
