from dataclasses import replace

from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.health import HealthState
from bot.core.model.observation import NotConnected, NotTried, Observation, Outcome
from bot.core.rules import RULES
from bot.core.rules.wrong_port import RULE
from tests.core.asking import matches, quiet
from tests.core.make import APP, SERVER, answered, case, document, settings

REFUSED = NotConnected("refused", SERVER, "connection refused")


def looked_further(outcome: Outcome, state: HealthState = "unhealthy") -> Case:
    """Port 8443 is configured and refused; what came of every further attempt."""
    base = document(backendHttpSettingsCollection=[settings(port=8443)])
    first = case(base, REFUSED, state=state)
    further = tuple(Observation(it, outcome) for it in further_attempts(first))
    return replace(first, observations=(*first.observations, *further))


def test_matches_where_the_same_request_is_answered_on_another_port() -> None:
    made = looked_further(answered(APP))
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert "port 8443, but on port 443" in seen.summary
    assert seen.confidence == "medium"
    assert {it.rule for it in diagnose(made, RULES).errors} == {"wrong_port"}


def test_quiet_where_nothing_else_answers_or_answers_something_else() -> None:
    for outcome in (REFUSED, answered(APP, status=404), answered(APP, status=301)):
        made = looked_further(outcome)
        assert quiet(RULE, made)
        assert "port_refused" in {it.rule for it in diagnose(made, RULES).errors}


def test_quiet_where_the_gateway_gets_through() -> None:
    assert quiet(RULE, looked_further(answered(APP), state="healthy"))


def test_missing_evidence_of_other_ports_accuses_none() -> None:
    assert quiet(RULE, looked_further(NotTried("probing was switched off")))
    assert matches(RULE, looked_further(answered(APP)))
