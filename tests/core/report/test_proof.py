"""Healthy is only what was seen to be: at what was changed, at every other backend, and at clients."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.arm import edit
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.finding import Finding, Match
from bot.core.changes.change import Change, Person
from bot.core.changes.remark_text import remark
from bot.core.model.health import BackendHealth, HealthNotKnown, HealthState, ServerHealth
from bot.core.report.proof import Looked, Watched, proof, undo_proof, watched
from bot.core.report.report import Report
from bot.core.report.reporting import make_report
from bot.core.routing.routes import backends
from bot.core.rules import RULES
from tests.core.changes.test_planning import planned
from tests.core.make import NOW, incident

PLAN = planned()
CHANGE = Change("c", PLAN, "verifying", Person("T", "U"), NOW, NOW + timedelta(minutes=30))
CLEAN = Diagnosis((), ())
BASE, MADE = incident()
BROKEN = make_report(MADE, diagnose(MADE, RULES), (), RULES, NOW)
WELL = replace(BROKEN, clients=(), undecided=())


def error(**where: Any) -> Diagnosis:
    return Diagnosis((Finding("some_rule", "error", Match("It is broken.", (), **where), ()),), ())


def ended(health: Watched, diagnosis: Diagnosis | None, report: Report | None = WELL) -> list[str]:
    found = proof(CHANGE, Looked(health, diagnosis, report, "Azure is away."))
    return [found.state, *(it.code for it in found.remarks)]


def test_all_is_well() -> None:
    assert ended("healthy", CLEAN) == ["healthy", "verified"]


@pytest.mark.parametrize("health", ["unhealthy", "unknown"])
def test_what_the_gateway_does_not_call_healthy_is_not_verified(health: Watched) -> None:
    assert ended(health, CLEAN) == ["not_healthy", "not_verified"]


def test_a_gateway_that_was_not_diagnosed_again_is_not_verified() -> None:
    assert ended("healthy", None, None) == ["not_healthy", "not_verified", "not_diagnosed"]


def test_a_fault_where_the_change_was_made_is_not_fixed() -> None:
    (backend,) = backends(MADE.gateway)
    assert ended("healthy", error(backend=backend)) == ["not_healthy", "not_fixed"]
    assert ended("healthy", error()) == ["not_healthy", "not_fixed"]


def test_a_fault_of_another_site_is_told_and_nothing_is_called_healthy() -> None:
    (backend,) = backends(MADE.gateway)
    elsewhere = replace(backend, pool=replace(backend.pool, id="/other"))
    assert ended("healthy", error(backend=elsewhere)) == ["not_healthy", "healed_in_part"]
    assert ended("healthy", error(part="other")) == ["not_healthy", "healed_in_part"]


def test_clients_count_as_much_as_probes() -> None:
    client = replace(BROKEN.clients[0], word="gateway_502", served=False)
    report = replace(WELL, clients=(client,), suffering="Clients get 502.")
    assert ended("healthy", CLEAN, report) == ["not_healthy", "clients"]
    own = replace(WELL, clients=(replace(client, word="application_error"),))
    assert ended("healthy", CLEAN, own) == ["healthy", "verified", "clients"]


def test_what_was_not_seen_is_told() -> None:
    unseen = replace(BROKEN.clients[0], word="not_tried", served=None)
    report = replace(WELL, clients=(unseen,))
    assert ended("healthy", CLEAN, report) == ["healthy", "verified", "not_seen"]


def test_what_azure_calls_failed_is_never_called_healthy() -> None:
    failed = replace(CHANGE, remarks=(remark("operation_failed", said="no"),))
    found = proof(failed, Looked("healthy", CLEAN, WELL))
    assert (found.state, [it.code for it in found.remarks]) == ("not_healthy", ["operation_failed"])


def server(state: HealthState) -> BackendHealth:
    pool, settings, name = PLAN.watched[0]
    return BackendHealth((ServerHealth(pool, settings, name, state, None),))


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("healthy", "healthy"),
        ("draining", "healthy"),
        ("unhealthy", "unhealthy"),
        ("partial", "unhealthy"),
        ("unknown", "unknown"),
    ],
)
def test_the_health_of_what_was_changed_in_one_word(state: HealthState, word: Watched) -> None:
    assert watched(server(state), PLAN) == word


def test_health_that_is_not_told_is_unknown() -> None:
    assert watched(HealthNotKnown("no"), PLAN) == "unknown"
    assert watched(BackendHealth(()), PLAN) == "unknown"


def test_as_it_was_before_is_said_only_if_all_is() -> None:
    now = edit.apply(PLAN.undo, edit.apply(PLAN.edits, BASE))

    def codes(now: Any, before: Any) -> list[str]:
        return [it.code for it in undo_proof(CHANGE, Looked("unhealthy"), now, before).remarks]

    assert codes(now, BASE) == ["undone"]
    assert codes(now | {"tags": {"a": "b"}}, BASE) == ["undone_in_part"]
    assert codes(now, None) == ["undone_alone"]
    assert undo_proof(CHANGE, Looked("healthy"), now, BASE).state == "healthy"
    failed = replace(CHANGE, remarks=(remark("state_failed"), remark("differs", where="tags")))
    found = undo_proof(failed, Looked("healthy"), now, BASE)
    assert (found.state, [it.code for it in found.remarks]) == (
        "not_healthy",
        ["state_failed", "undone_unproven"],
    )
