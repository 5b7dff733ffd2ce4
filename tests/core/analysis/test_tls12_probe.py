"""What a v1 gateway's TLS 1.2 meets where our own hello agreed on something newer."""

from dataclasses import replace
from typing import Any

from bot.core.analysis import commands
from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.health import HealthState
from bot.core.model.observation import Answered, HandshakeFailed, Observation, Outcome
from bot.core.rules import RULES
from tests.core.make import APP, HOST, SERVER, answered, case, document, handshake
from tests.core.remedies.options.trying import best

TOO_OLD = HandshakeFailed("alert", SERVER, 70, "protocol version")
SERVED_HOST: Any = document(servers=(HOST,))


def newer(base: Any = None, state: HealthState = "unhealthy") -> Case:
    """The certificate is allow-listed and all is well, in TLS 1.3."""
    seen = answered(APP)
    agreed = replace(handshake(APP), tls="TLSv1.3")
    return case(base, replace(seen, handshake=agreed), state=state)


def looked_further(outcome: Outcome, made: Case) -> Case:
    found = [Observation(it, outcome) for it in further_attempts(made) if it.hello == "tls12"]
    return replace(made, observations=(*made.observations, *found))


def test_it_is_tried_once_more_without_tls_1_3_and_the_refusal_is_named() -> None:
    made = looked_further(TOO_OLD, newer())
    (backend,) = made.backends
    fault = tls_fault(BackendView(made, backend))
    assert fault is not None
    assert fault.kind == "version_or_cipher"
    assert "-tls1_2" in (fault.evidence.command or "")
    assert {it.rule for it in diagnose(made, RULES).errors} == {"tls_version_refused"}


def test_no_other_name_is_a_remedy_for_a_version() -> None:
    base = document()
    made = looked_further(TOO_OLD, newer(base))
    named = replace(BackendView(made, made.backends[0]).probe_attempt, sni=HOST)
    seen = Observation(named, newer().observations[0].outcome)
    assert best(replace(made, observations=(*made.observations, seen)), base) == "remove_cause"


def test_one_that_hangs_up_on_tls_1_2_refuses_it_too_and_silence_is_silence() -> None:
    closed = HandshakeFailed("closed", SERVER, None, "it hung up")
    silent = HandshakeFailed("timeout", SERVER, None, "no answer")
    for failed, named in ((closed, "version_or_cipher"), (silent, "other")):
        made = looked_further(failed, newer())
        fault = tls_fault(BackendView(made, made.backends[0]))
        assert fault is not None
        assert fault.kind == named


def test_a_demand_for_a_client_certificate_stays_one() -> None:
    demanded = replace(TOO_OLD, alert=40, client_certificate_wanted=True)
    made = looked_further(demanded, newer())
    fault = tls_fault(BackendView(made, made.backends[0]))
    assert fault is not None
    assert fault.kind == "client_certificate"


def test_quiet_where_tls_1_2_is_taken_or_was_never_in_doubt() -> None:
    taken = looked_further(answered(APP), newer())
    assert tls_fault(BackendView(taken, taken.backends[0])) is None
    assert not [it for it in further_attempts(case(None, answered(APP))) if it.hello == "tls12"]
    assert not [it for it in further_attempts(newer(state="healthy")) if it.hello == "tls12"]
    v2 = newer(document(tier="Standard_v2"))
    assert not [it for it in further_attempts(v2) if it.hello == "tls12"]


def test_missing_evidence_of_tls_1_2_accuses_nobody() -> None:
    made = newer()
    assert tls_fault(BackendView(made, made.backends[0])) is None
    assert isinstance(made.outcome(BackendView(made, made.backends[0]).probe_attempt), Answered)


def test_the_command_shows_the_same_handshake() -> None:
    (older,) = [it for it in further_attempts(newer(SERVED_HOST)) if it.hello == "tls12"]
    assert "-servername test.appgwtestase.com -tls1_2" in commands.openssl(older)
