from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import Attempt, HandshakeFailed, NoResponse, Outcome
from bot.core.rules.proxy_header_demanded import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.clients import errors, http, looked_at
from tests.core.make import APP, HOST, NOT_SEEN, SERVER, answered, blind, document, item, ref
from tests.core.rules.handshakes import HUNG_UP, v2

CLOSED = NoResponse("closed", "it closed the connection without a response")


def seen(base: Any, after_header: Any, otherwise: Any, **changes: Any) -> Case:
    """What the server does after the header, and without it."""

    def page(it: Attempt) -> Any:
        return after_header if it.hello == "proxied" else otherwise

    return looked_at(base, page, **({"state": "unhealthy"} | changes))


def over_tls(after_header: Any = None, otherwise: Any = HUNG_UP, **changes: Any) -> Case:
    good = answered(APP, public=0) if after_header is None else after_header
    return seen(v2(HOST), good, otherwise, **changes)


def plainly(after_header: Any = 200, otherwise: Any = CLOSED, **changes: Any) -> Case:
    """A server that knows no TLS."""
    no_tls = HandshakeFailed("closed", SERVER, None, "it closed")

    def page(it: Attempt) -> Any:
        if it.tls:
            return no_tls
        return after_header if it.hello == "proxied" else otherwise

    return looked_at(http(), page, **({"state": "unhealthy"} | changes))


def test_matches_a_handshake_that_succeeds_after_the_header_alone() -> None:
    made = over_tls()
    (found,) = RULE.check(made)
    assert isinstance(found, Match)
    assert in_words(found.summary) == (
        f"{SERVER} takes connections on port 443 only after a PROXY protocol header, which the gateway does not send."
    )
    assert found.concerns == "both"
    assert [in_words(it.text) for it in found.evidence] == [
        f"without the header: {SERVER} does not complete a TLS handshake: it reset the connection during the handshake",
        "after the header, the same request is answered",
    ]
    without, with_header = (it.command or "" for it in found.evidence)
    assert "--haproxy-protocol" in with_header
    assert with_header.replace("--haproxy-protocol ", "") == without
    assert [it.rule for it in errors(made)] == ["proxy_header_demanded"]


@pytest.mark.parametrize("status", [200, 302, 404, 503])
def test_matches_plain_http_whatever_is_answered_after_the_header(status: int) -> None:
    made = plainly(status)
    (found,) = RULE.check(made)
    assert isinstance(found, Match)
    assert in_words(found.evidence[0].text) == (
        "without the header: it closes the connection without a response"
    )
    assert [it.rule for it in errors(made)] == ["proxy_header_demanded"]


def test_is_quiet_where_the_header_changes_nothing_or_is_taken_for_a_bad_request() -> None:
    assert quiet(RULE, plainly(CLOSED))
    assert quiet(RULE, plainly(400))
    assert quiet(RULE, over_tls(HUNG_UP))
    assert [it.rule for it in errors(plainly(CLOSED))] == ["probe_answer_broken"]
    assert [it.rule for it in errors(over_tls(HUNG_UP))] == ["tls_handshake_failed"]


@pytest.mark.parametrize(
    "said",
    [
        NoResponse("timeout", "no answer"),
        NoResponse("malformed", "no HTTP"),
        404,
        HandshakeFailed("closed", SERVER, None, "it closed", True),
        HandshakeFailed("alert", SERVER, 80, "it sent alert 80"),
        HandshakeFailed("timeout", SERVER, None, "no answer"),
    ],
)
def test_nobody_sends_the_header_where_the_server_did_not_just_close(said: Any) -> None:
    made = over_tls(otherwise=said) if isinstance(said, HandshakeFailed) else plainly(200, said)
    assert all(it.attempt.hello != "proxied" for it in made.observations)
    assert quiet(RULE, made)


def test_nothing_is_sent_or_said_where_the_gateway_gets_through() -> None:
    made = over_tls(state="healthy")
    assert all(it.attempt.hello != "proxied" for it in made.observations)
    # Where it gets through only now.
    assert quiet(RULE, replace(over_tls(), health=made.health))


def test_the_steps_name_the_settings_that_can_send_the_header() -> None:
    assert RULE.guide is not None

    def steps(made: Case) -> str:
        (found,) = RULE.check(made)
        assert isinstance(found, Match)
        assert RULE.guide is not None
        return " ".join(in_words(it.text) for it in RULE.guide.steps(made, found))

    assert "`bind` without `accept-proxy`" in steps(over_tls())
    assert "client IP preservation" not in steps(over_tls())
    assert "client IP preservation" in steps(seen(_proxied(), answered(APP, public=0), HUNG_UP))


def _proxied() -> Any:
    way = {
        "priority": 5,
        "listener": ref("listeners", "db"),
        "backendAddressPool": ref("backendAddressPools", "pool"),
        "backendSettings": ref("backendSettingsCollection", "db"),
    }
    settings = {"protocol": "Tls", "port": 5432, "hostName": HOST}
    return document(
        tier="Standard_v2",
        httpListeners=[],
        requestRoutingRules=[],
        listeners=[item("listeners", "db", protocol="Tcp")],
        backendSettingsCollection=[item("backendSettingsCollection", "db", **settings)],
        routingRules=[item("routingRules", "db", **way)],
    )


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_accuses_nobody(outcome: Outcome) -> None:
    assert quiet(RULE, plainly(outcome))
    assert matches(RULE, plainly())
    assert left_open(RULE, blind(None, outcome))
