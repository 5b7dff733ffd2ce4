"""A pool may have 1,200 servers, so the work may grow no faster than they do: counted in calls, not in time."""

import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.observation import NotConnected, Observation, Outcome
from bot.core.remedies.option import NotApplicable
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import attempts_to_judge, propose_options, try_options
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
@pytest.mark.parametrize(
    "fault",
    [pytest.param(it, marks=() if it == "refused" else pytest.mark.unmeasured) for it in FAULTS],
)
def test_ten_times_the_servers_are_ten_times_the_work(fault: str, tier: str) -> None:
    few, many = (_calls(count, FAULTS[fault], tier) for count in (FEW, MANY))
    assert many < MOST_TIMES * few


def test_an_option_is_asked_once_of_servers_to_which_it_does_not_apply_alike() -> None:
    asked: list[str] = []

    def refuse(view: BackendView, _: object) -> NotApplicable:
        asked.append(view.server)
        return NotApplicable("it does not apply")

    servers = tuple(f"10.2.0.{number}" for number in range(FEW))
    base = document(
        tier="Standard_v2", servers=servers, backendHttpSettingsCollection=[v2_settings()]
    )
    made = _seen(base, lambda server: NotConnected("refused", server, "connection refused"))
    only = replace(OPTIONS[0], propose=refuse)
    (found,) = propose_options(what_if(made, base), diagnose(made, RULES), [only])
    assert found.found == NotApplicable("it does not apply")
    assert found.proposal is None
    # Those to which requests of clients lead share one answer, and so do the others.
    assert len(asked) == len({bool(made.clients_of(it)) for it in made.backends})


def test_what_was_proposed_is_judged_as_it_is() -> None:
    base = document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings()])
    made = _seen(base, FAULTS["its own certificate"])
    paper, diagnosis = what_if(made, base), diagnose(made, RULES)
    proposed = propose_options(paper, diagnosis, OPTIONS)
    assert try_options(paper, diagnosis, OPTIONS, proposed) == try_options(
        paper, diagnosis, OPTIONS
    )
    assert try_options(paper, diagnosis, OPTIONS, ()) != try_options(paper, diagnosis, OPTIONS)


def _seen(base: dict[str, object], ends: Callable[[str], Outcome]) -> Case:
    empty = case(base)
    probes = (empty.probe_request(it).to(it.server) for it in empty.backends)
    seen = tuple(Observation(it, ends(it.server)) for it in probes)
    return Case(empty.gateway, empty.health, seen, NOW)


def _calls(count: int, ends: Callable[[str], Outcome], tier: str) -> int:
    servers = tuple(f"10.2.{number // 250}.{number % 250}" for number in range(count))
    used = v2_settings() if tier.endswith("v2") else settings()
    base = document(tier=tier, servers=servers, backendHttpSettingsCollection=[used])
    made = _seen(base, ends)
    return _counted(lambda: _judged(made, base))


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
