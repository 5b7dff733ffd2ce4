from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.model.observation import Answered, NoResponse, Outcome, Response
from bot.core.rules import RULES
from bot.core.rules.tls_on_http_port import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, SERVER, answered, blind, case, document, probe, settings

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
