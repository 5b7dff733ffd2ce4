"""What is told between two diagnoses of one gateway: what changed, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.model.marked import plain
from bot.core.report.changed import changes_between
from bot.core.report.report import BackendFacts, Report
from tests.core.report.test_code_handout import report

BEFORE = report()
BACKEND = BEFORE.backends[0]
PLACE = f"{BACKEND.server}:{BACKEND.port} ({BACKEND.pool} / {BACKEND.http_settings})"


def told(after: Report, before: Report = BEFORE) -> list[str]:
    return [plain(it) for it in changes_between(before, after)]


def with_backends(*backends: BackendFacts) -> Report:
    return replace(BEFORE, backends=backends)


def test_the_same_again_is_nothing() -> None:
    later = replace(BEFORE, made=BEFORE.made.replace(microsecond=7), seconds=9.0, notes=("new",))
    assert told(later) == []


def test_a_gateway_that_was_repaired() -> None:
    gateway = replace(BEFORE.gateway, etag="another")
    healthy = replace(
        BEFORE,
        verdict="healthy",
        gateway=gateway,
        findings=(),
        suffering="All are served.",
        looked_at=None,
    )
    assert told(healthy) == [
        "Verdict: healthy (was: fault found).",
        "The gateway's configuration was written.",
        f"No longer seen: {plain(BEFORE.findings[0].summary)}",
        "All are served.",
    ]
    assert told(BEFORE, healthy)[2] == f"New: {plain(BEFORE.findings[0].summary)}"


def test_warnings_come_and_go_untold() -> None:
    warning = replace(BEFORE.findings[0], severity="warning", rule="another")
    assert told(replace(BEFORE, findings=(*BEFORE.findings, warning))) == []


def test_who_suffers_is_told_where_that_is_known() -> None:
    assert told(replace(BEFORE, suffering="Others.")) == ["Others."]
    assert told(replace(BEFORE, suffering="")) == []


@pytest.mark.parametrize("name", ["operational_state", "provisioning_state"])
def test_states_of_the_gateway(name: str) -> None:
    said: dict[str, Any] = {name: "Updating"}
    gateway = replace(BEFORE.gateway, **said)
    was = getattr(BEFORE.gateway, name)
    assert told(replace(BEFORE, gateway=gateway)) == [f"The gateway is Updating (was: {was})."]


def test_backends_that_turn_come_and_go() -> None:
    turned = replace(BACKEND, health="healthy")
    new = replace(BACKEND, server="10.0.0.9", health="unknown")
    rest = BEFORE.backends[1:]
    assert told(with_backends(turned, *rest)) == [
        f"The gateway reports {PLACE} healthy (was: {BACKEND.health})."
    ]
    there = PLACE.replace(BACKEND.server, "10.0.0.9")
    assert told(with_backends(new, *rest)) == [
        f"New backend {there}: the gateway reports it unknown.",
        f"Backend {PLACE} is gone.",
    ]
