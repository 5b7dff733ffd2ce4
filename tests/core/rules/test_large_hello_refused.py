from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.case.view import BackendView
from bot.core.model.health import HealthNotKnown, HealthState
from bot.core.model.marked import plain
from bot.core.model.observation import NotConnected, NotTried, Observation, Outcome, Response
from bot.core.rules import RULES
from bot.core.rules.large_hello_refused import RULE
from tests.core.answers import SLOW
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, SERVER, answered, case, document, probe
from tests.core.remedies.options.trying import v2
from tests.core.rules.handshakes import HUNG_UP, INTERNAL, NOTHING_IN_COMMON, SILENT

BLOCKED = (
    "Cannot connect to server. Check whether any NSG/UDR/Firewall is blocking access to server."
)
DATES = "Backend certificate is invalid. Current date is not within the valid date range"
TAKEN = answered(APP, public=0)
UNREAD = HealthNotKnown("no permission")


def looked_further(outcome: Outcome, first: Outcome = TAKEN, base: Any = None, **says: Any) -> Case:
    """What came of the small hello, and of every further attempt that it gives a reason for."""
    made = case(base or v2(), first, **says)
    further = tuple(Observation(it, outcome) for it in further_attempts(made))
    return replace(made, observations=(*made.observations, *further))


def errors(made: Case) -> list[str]:
    return [it.rule for it in diagnose(made, RULES).errors]


@pytest.mark.parametrize("message", [BLOCKED, SLOW, DATES, "Something new", None])
@pytest.mark.parametrize("refusal", [SILENT, HUNG_UP, NOTHING_IN_COMMON, INTERNAL])
def test_matches_and_is_the_only_cause(message: str | None, refusal: Outcome) -> None:
    made = looked_further(refusal, message=message)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert plain(seen.summary).startswith("10.1.5.11 completes TLS with a small first message")
    assert seen.confidence == "medium"
    assert errors(made) == ["large_hello_refused"]


def test_the_evidence_is_both_hellos_the_gateways_words_and_what_is_inferred() -> None:
    (seen,) = RULE.check(looked_further(SILENT, message=BLOCKED))
    assert isinstance(seen, Match)
    small, large, said, inferred = seen.evidence
    assert small.command
    assert large.command
    assert "-alpn" in large.command
    assert "-alpn" not in small.command
    assert "not answered within 5.0 s" in plain(large.text)
    assert BLOCKED in plain(said.text)
    assert inferred.text.startswith("inferred, not seen")
    assert inferred.command is None


def test_a_certificate_at_fault_does_not_explain_that_nothing_gets_through() -> None:
    made = looked_further(SILENT, answered(APP, public=20), message=BLOCKED)
    found = errors(made)
    assert found[0] == "large_hello_refused"
    assert len(found) == 2
    assert "port_silent" not in found


def test_quiet_where_both_are_taken() -> None:
    for message in (BLOCKED, SLOW, None):
        made = looked_further(TAKEN, message=message)
        assert quiet(RULE, made)
        assert errors(made)


@pytest.mark.parametrize("state", ["healthy", "draining"])
def test_quiet_where_the_gateway_gets_through(state: HealthState) -> None:
    made = case(v2(), TAKEN, state=state)
    assert not further_attempts(made)
    (backend,) = made.backends
    large = replace(BackendView(made, backend).probe_attempt, path=None, hello="full")
    assert quiet(RULE, replace(made, observations=(*made.observations, Observation(large, SILENT))))


def test_quiet_where_the_message_proves_that_the_gateway_shook_hands() -> None:
    status = "The HTTP status code of the backend's response did not match the probe setting."
    assert quiet(RULE, looked_further(SILENT, message=status))


def test_quiet_where_something_else_explains_it() -> None:
    for first in (answered(APP, public=20), answered(APP, status=500, public=0)):
        made = looked_further(SILENT, first, message=None)
        assert quiet(RULE, made)
        assert errors(made)
    assert quiet(RULE, looked_further(SILENT, answered(APP, status=None), message=SLOW))
    nginx = Response(400, None, "No required SSL certificate was sent")
    assert quiet(RULE, looked_further(SILENT, replace(TAKEN, http=nginx), message=SLOW))
    slow = case(v2(), TAKEN, message=SLOW)
    late = replace(slow.observations[0], seconds=31.0)
    assert not further_attempts(replace(slow, observations=(late,)))


def test_quiet_on_v1_and_without_tls() -> None:
    assert quiet(RULE, looked_further(SILENT, answered(APP), document(), message=BLOCKED))
    plain = v2(protocol="Http", port=80, probes=[probe(protocol="Http")])
    assert quiet(RULE, looked_further(SILENT, answered(tls=False), plain, message=BLOCKED))


def test_undecided_where_the_gateway_says_nothing() -> None:
    made = looked_further(SILENT, health=UNREAD)
    assert "whether the gateway sends one is not known" in doubts(RULE, made)[0]
    assert diagnose(made, RULES).verdict == "undecided"
    assert quiet(RULE, looked_further(TAKEN, health=UNREAD))
    assert quiet(RULE, looked_further(NotTried("the time was up"), health=UNREAD))


@pytest.mark.parametrize(
    "outcome", [NotTried("the time was up"), NotConnected("timeout", SERVER, "silence")]
)
def test_undecided_where_the_large_one_could_not_be_tried(outcome: Outcome) -> None:
    made = looked_further(outcome, message=BLOCKED)
    assert "could not be tried" in doubts(RULE, made)[0]
    assert errors(made) == ["port_silent"]


def test_a_hello_with_another_name_tells_the_same() -> None:
    made = looked_further(SILENT, message=BLOCKED)
    first, large = made.observations
    other = replace(large, attempt=replace(large.attempt, sni="b.example"))
    assert matches(RULE, replace(made, observations=(first, other)))
