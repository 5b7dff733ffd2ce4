"""Small values: problems, certificates, statuses, audit entries, incidents."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.operations import Accepted, Listed, OperationState
from bot.core.case.view import BackendView
from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Person
from bot.core.model.marked import mark
from bot.core.model.status_ranges import in_ranges
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from tests.core.make import APP, ILB, NOW, ROOT, answered, case, certificate


def test_a_problem_reads_as_what_happened_and_what_to_do() -> None:
    assert str(Problem("x", "It broke.", "Mend it.")) == "It broke. Mend it."
    assert str(Problem("x", "It broke.")) == "It broke."


def test_validity_includes_both_ends() -> None:
    assert APP.valid_at(APP.not_before)
    assert APP.valid_at(APP.not_after)
    assert not APP.valid_at(APP.not_after + timedelta(seconds=1))


def test_a_root_is_a_ca_that_signed_itself() -> None:
    assert ROOT.is_root
    assert ROOT.self_issued
    assert not certificate("x", is_ca=True).is_root


@pytest.mark.parametrize(
    ("status", "ranges", "inside"),
    [
        (200, ["200-399"], True),
        (400, ["200-399"], False),
        (401, ["200", "401"], True),
        (200, ["x"], False),
    ],
)
def test_status_ranges(status: int, ranges: list[str], inside: bool) -> None:
    assert in_ranges(status, ranges) is inside


@given(st.integers(), st.lists(st.text()))
def test_odd_ranges_never_raise(status: int, ranges: list[str]) -> None:
    in_ranges(status, ranges)


def test_handshakes_of_a_backend_are_one_for_each_sni() -> None:
    made = case(
        None, by_sni={None: answered(ILB), "a.example": answered(APP), "b": answered(tls=False)}
    )
    assert [it.sni for it, _ in BackendView(made, made.backends[0]).handshakes] == [
        None,
        "a.example",
    ]


def test_a_request_of_another_host_is_the_same_connection_but_not_the_same_answer() -> None:
    made = case(None, answered(ILB, status=404))
    attempt = BackendView(made, made.backends[0]).probe_attempt
    other = type(attempt)(attempt.server, attempt.port, True, None, "other", "/x")
    assert made.handshake(other) is not None
    assert made.outcome(other) != made.outcome(attempt)


def test_a_certificate_is_known_by_its_anchor() -> None:
    outcome = answered(APP)
    assert outcome.handshake is not None
    assert outcome.handshake.trusted_by("nobody") is None
    assert answered().handshake is not None


def test_an_audit_entry_has_no_marks_whoever_writes_it() -> None:
    entry = AuditEntry(NOW, "offered", "/id", details={"shown": f"pool {mark('web')} is empty"})
    assert entry.details == {"shown": "pool web is empty"}


def test_records_are_frozen() -> None:
    entry = AuditEntry(NOW, "offered", "/id")
    incident = Incident("i", "/id", "agw", "C", "1", Person("T", "U"), "agw", NOW)
    for value in (entry, incident):
        with pytest.raises(AttributeError):
            value.gateway_id = "other"  # type: ignore[misc]


def test_an_operation_that_does_not_say_when_is_looked_at_again_after_five_seconds() -> None:
    assert OperationState("running").retry_after == 5.0
    assert OperationState("failed", code="Conflict").message == ""


def test_what_azure_answers_is_a_value() -> None:
    """Two looks that saw the same are the same."""
    assert Accepted(None, "c1") == Accepted(None, "c1") != Accepted("https://op", "c1")
    assert Listed(({"id": "g1"},), ()) == Listed(({"id": "g1"},), ()) != Listed((), ("no access",))
