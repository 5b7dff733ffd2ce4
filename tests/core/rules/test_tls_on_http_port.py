from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.observation import (
    Answered,
    HandshakeFailed,
    NoResponse,
    Observation,
    Outcome,
    Response,
)
from bot.core.rules import RULES
from bot.core.rules.tls_on_http_port import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, NOT_SEEN, SERVER, answered, blind, case, document, probe, settings

NGINX = "<center>The plain HTTP request was sent to\n HTTPS port</center>"
APACHE = "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"
GO = "Client sent an HTTP request to an HTTPS server.\n"
TOMCAT = "Bad Request\nThis combination of host and port requires TLS."


def plain(**changes: Any) -> Any:
    return document(
        backendHttpSettingsCollection=[settings(protocol="Http")],
        probes=[probe(protocol="Http", **changes)],
    )


def replied(status: int, body: str) -> Outcome:
    return Answered(SERVER, None, Response(status, None, body))


@pytest.mark.parametrize("body", [NGINX, APACHE, GO, TOMCAT])
def test_matches_what_servers_say_and_is_the_only_one(body: str) -> None:
    made = case(plain(), replied(400, body))
    (summary,) = matches(RULE, made)
    assert summary.startswith("10.1.5.11 speaks TLS on port 443, but")
    assert [it.rule for it in diagnose(made, RULES).errors] == ["tls_on_http_port"]


def test_matches_an_answer_that_is_tls_itself() -> None:
    said = Answered(SERVER, None, NoResponse("tls", "it answered plain HTTP with TLS"))
    assert matches(RULE, case(plain(), said))


CLOSED = Answered(SERVER, None, NoResponse("closed", "it closed the connection"))
MALFORMED = Answered(SERVER, None, NoResponse("malformed", "its response is not HTTP"))
ALERT = HandshakeFailed("alert", SERVER, 112, "it sent alert 112 (unrecognized_name)")
UNFINISHED = HandshakeFailed("closed", SERVER, None, "it closed the connection")


def followed(made: Case, outcome: Outcome) -> Case:
    """The case after the connections that its first results call for, each with this outcome."""
    further = [Observation(it, outcome) for it in further_attempts(made) if it.tls]
    assert further
    return replace(made, observations=(*made.observations, *further))


@pytest.mark.parametrize("first", [CLOSED, MALFORMED, replied(400, "")])
@pytest.mark.parametrize("hello", [answered(APP), ALERT])
def test_matches_where_a_hello_on_the_same_port_is_answered(first: Outcome, hello: Outcome) -> None:
    made = followed(case(plain(), first), hello)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert any("TLS" in it.text and "openssl" in (it.command or "") for it in seen.evidence)
    assert [it.rule for it in diagnose(made, RULES).errors] == ["tls_on_http_port"]


@pytest.mark.parametrize("first", [CLOSED, MALFORMED, replied(400, "")])
def test_is_quiet_where_no_hello_is_answered(first: Outcome) -> None:
    assert quiet(RULE, followed(case(plain(), first), UNFINISHED))
    assert quiet(RULE, case(plain(), first))


def test_no_hello_is_tried_without_a_reason_or_where_the_gateway_is_content() -> None:
    assert not [it for it in further_attempts(case(plain(), replied(404, ""))) if it.tls]
    assert not [it for it in further_attempts(case(plain(), CLOSED, state="healthy")) if it.tls]


def test_a_probe_with_a_port_of_its_own_is_tried_there() -> None:
    own: Any = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[settings(protocol="Http", port=80)],
        probes=[probe(protocol="Http", port=8443)],
    )
    made = followed(case(own, CLOSED), answered(APP))
    (summary,) = matches(RULE, made)
    assert "speaks TLS on port 8443" in summary


def test_matches_behind_a_proxy_that_ends_tls() -> None:
    seen = replace(answered(APP), http=Response(400, None, NGINX))
    (summary,) = matches(RULE, case(None, seen))
    assert "ends TLS on port 443 and passes the request on as plain HTTP" in summary
    assert [it.rule for it in diagnose(case(None, seen), RULES).errors] == ["tls_on_http_port"]


def test_is_quiet_on_another_bad_request_and_where_that_status_counts_as_healthy() -> None:
    assert quiet(RULE, case(plain(), replied(400, "Bad Request")))
    assert quiet(RULE, case(plain(), replied(200, NGINX)))
    taken = plain(match={"statusCodes": ["200-499"]})
    assert quiet(RULE, case(taken, replied(400, NGINX)))


def test_is_quiet_over_tls() -> None:
    assert quiet(RULE, case(None, answered(status=400)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_is_left_open(outcome: Outcome) -> None:
    assert "probe_status_unexpected" in left_open(RULE, blind(plain(), outcome))
