from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.case.view import BackendView
from bot.core.model.observation import Observation, Outcome, Response
from bot.core.rules import RULES
from bot.core.rules.client_certificate_demanded import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, NOT_SEEN, answered, blind, case, document, probe
from tests.core.rules.handshakes import NO_CERTIFICATE, NOTHING_IN_COMMON, TURNED_DOWN, v2


def test_matches_a_refusal_in_the_handshake_and_one_after_it() -> None:
    (summary,) = matches(RULE, case(None, NO_CERTIFICATE))
    assert "demands a client certificate" in summary
    (seen,) = RULE.check(case(v2(), TURNED_DOWN))
    assert isinstance(seen, Match)
    assert "alert 116" in seen.evidence[0].text


def test_is_quiet_when_one_is_only_wished_for() -> None:
    wished = answered(APP)
    assert wished.handshake is not None
    asked = replace(wished, handshake=replace(wished.handshake, client_certificate_wanted=True))
    assert quiet(RULE, case(None, asked))


def test_is_quiet_when_the_same_alert_comes_without_a_request() -> None:
    assert quiet(RULE, case(None, NOTHING_IN_COMMON))


def page(status: int, body: str) -> Outcome:
    return replace(answered(APP), http=Response(status, None, body))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, "<center>No required SSL certificate was sent</center>"),
        (403, "HTTP Error 403.7 - Forbidden"),
    ],
)
def test_matches_a_page_that_says_so_and_is_the_only_one(status: int, body: str) -> None:
    made = case(None, page(status, body))
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert "says that a client certificate is missing" in seen.evidence[0].text
    assert [it.rule for it in diagnose(made, RULES).errors] == ["client_certificate_demanded"]


def denied(status: int, *, asked: bool = True) -> Outcome:
    seen = answered(APP)
    assert seen.handshake is not None
    agreed = replace(seen.handshake, client_certificate_wanted=asked)
    return replace(seen, handshake=agreed, http=Response(status, None, "Forbidden"))


@pytest.mark.parametrize("status", [400, 401, 403, 495, 496])
def test_matches_a_bare_denial_after_a_request_and_is_the_only_one(status: int) -> None:
    said = f"Status code did not match the probe setting. Expected:200-399 Received:{status}."
    made = case(None, denied(status), message=said)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"
    assert f"without one answers with {status}" in seen.evidence[0].text
    assert [it.rule for it in diagnose(made, RULES).findings if it.match.backend] == [RULE.id]


def test_is_quiet_where_none_was_asked_for_or_the_gateway_is_served() -> None:
    assert quiet(RULE, case(None, denied(403, asked=False)))
    assert quiet(RULE, case(None, denied(404)))
    assert quiet(RULE, case(None, denied(403), state="healthy"))
    lenient: Any = document(probes=[probe(match={"statusCodes": ["200-499"]})])
    assert quiet(RULE, case(lenient, denied(403)))


def test_is_quiet_on_another_refusal_and_where_that_status_counts_as_healthy() -> None:
    assert quiet(RULE, case(None, page(403, "Forbidden")))
    assert quiet(RULE, case(None, page(200, "client certificate required")))
    lenient: Any = document(probes=[probe(match={"statusCodes": ["200-499"]})])
    assert quiet(RULE, case(lenient, page(403, "403.7")))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "tls_handshake_failed" in left_open(RULE, blind(None, outcome))


@pytest.mark.parametrize("said", [TURNED_DOWN, page(403, "HTTP Error 403.7 - Forbidden")])
def test_a_demand_on_another_host_is_no_missing_answer_to_the_probe(said: Outcome) -> None:
    made = blind()
    asked = replace(BackendView(made, made.backends[0]).probe_attempt, host="other.example")
    elsewhere = replace(made, observations=(Observation(asked, said),))
    assert "probe_status_unexpected" in left_open(RULE, elsewhere)
