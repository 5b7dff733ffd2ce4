from typing import Any

import pytest

from bot.core.analysis.client_outcome import client_outcome
from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import Attempt, NoResponse, Outcome, Response
from bot.core.rules.client_request_failing import RULE
from tests.core.answers import SILENCE
from tests.core.asking import left_open, matches, quiet
from tests.core.clients import SECOND, by_path, errors, http, looked_at, plain, view_of
from tests.core.make import HOST, NOT_SEEN, SERVER, blind, item, ref, rule
from tests.core.rewriting import a_set, rewrite

CUT = NoResponse("closed", "it closed the connection without an answer")
WANTS_TLS = Response(400, None, "The plain HTTP request was sent to HTTPS port")


def broken(said: int | Response | NoResponse, health: int = 200) -> Case:
    """A server whose health page works, and whose other pages come to this."""
    return looked_at(http(), plain(lambda it: health if it.path == "/health" else said))


@pytest.mark.parametrize("status", [500, 503])
def test_matches_an_error_of_the_application_beside_a_healthy_probe(status: int) -> None:
    made = broken(status)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert in_words(seen.summary) == (
        f"10.1.5.11 answers clients of {HOST} with {status}, although it answers the health probe."
    )
    assert (seen.concerns, seen.sites) == ("clients", (HOST,))
    assert [in_words(it.text) for it in seen.evidence] == [
        f"Host {HOST}, path /: {status}",
        f"clients' requests for {HOST}: HTTP to port 80, Host {HOST}, path /",
        f"the health probe: HTTP to port 80, Host {HOST}, path /health",
    ]
    assert [it.rule for it in errors(made)] == ["client_request_failing"]


def redirecting(there: Any, location: str = "/login", base: Any = None) -> Case:
    """The start page redirects to another page of the site, which comes to this."""
    moved = Response(302, location, "")
    pages: dict[str, Any] = {"/health": 200, "/": moved}
    made = http() if base is None else base
    return looked_at(made, plain(lambda it: pages.get(str(it.path), there)))


@pytest.mark.parametrize("location", ["/login", "login?from=home", f"https://{HOST.upper()}/login"])
def test_matches_where_the_page_fails_to_which_the_site_redirects(location: str) -> None:
    door = {"protocol": "Https", "frontendPort": ref("frontendPorts", "p443"), "hostName": HOST}
    ports = [item("frontendPorts", "p443", port=443)]
    base = http(
        top={"frontendPorts": ports, "httpListeners": [item("httpListeners", "site", **door)]}
    )
    made = redirecting(503, location, base)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert f"answers clients of {HOST} with 503" in in_words(seen.summary)
    assert in_words(seen.evidence[0].text) == (
        f"Host {HOST}, path /: it redirects with 302 to {location}: there it answers 503"
    )


def test_is_quiet_where_the_page_to_which_the_site_redirects_is_there_or_not_its_own() -> None:
    for there in (200, 302, 401, 403):
        made = redirecting(there)
        assert quiet(RULE, made)
        assert client_outcome(view_of(made)).word == "answered"
    gone = redirecting(404)
    assert quiet(RULE, gone)
    assert client_outcome(view_of(gone)).word == "unknown_path"
    for base in (
        http(path="/v1/"),
        http(top=by_path("/login")),
        http(
            tier="Standard_v2",
            top={
                "rewriteRuleSets": [a_set(rewrite("r", path="/v2/home"))],
                "requestRoutingRules": [rule(rewriteRuleSet=ref("rewriteRuleSets", "set"))],
            },
        ),
    ):
        made = looked_at(
            base, plain(lambda it: Response(302, "/login", "") if it.path != "/login" else 500)
        )
        asked = {(it.attempt.server, it.attempt.path) for it in made.observations}
        assert (SERVER, "/login") not in asked


@pytest.mark.parametrize("kind", ["closed", "malformed", "tls", "http2"])
def test_matches_where_clients_get_no_http_answer_at_all(kind: str) -> None:
    made = broken(NoResponse(kind, "it broke off"))  # type: ignore[arg-type]
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert "gives clients of" in seen.summary
    assert in_words(seen.evidence[0].text) == f"Host {HOST}, path /: it broke off"


def test_matches_a_page_that_says_that_it_wants_tls() -> None:
    assert "with 400, although" in matches(RULE, broken(WANTS_TLS))[0]


def test_is_quiet_where_clients_get_a_page_or_it_is_another_rules_symptom() -> None:
    for said in (200, 401, 404, SILENCE, NoResponse("client_certificate", "it wants one")):
        assert quiet(RULE, broken(said))


def one_of_two(said: int, other: int = 200) -> Case:
    """Of two servers of a pool one answers clients so, and the other so."""
    pool = item(
        "backendAddressPools",
        "pool",
        backendAddresses=[{"ipAddress": it} for it in (SERVER, SECOND)],
    )

    def page(it: Attempt) -> int:
        return 200 if it.path == "/health" else said if it.server == SERVER else other

    return looked_at(http(top={"backendAddressPools": [pool]}), plain(page))


@pytest.mark.parametrize("status", [400, 404, 410, 421])
def test_matches_a_page_that_only_another_server_of_the_pool_has(status: int) -> None:
    (seen,) = RULE.check(one_of_two(status))
    assert isinstance(seen, Match)
    assert in_words(seen.summary) == (
        f"{SERVER} answers clients of {HOST} with {status}, while {SECOND} of the same pool has the page."
    )
    assert seen.sites == (HOST,)


def test_is_quiet_where_no_server_has_the_page_or_one_denies_it() -> None:
    assert quiet(RULE, one_of_two(404, 404))
    assert quiet(RULE, one_of_two(403))


def test_is_quiet_when_the_probe_fails_as_well() -> None:
    assert quiet(RULE, broken(500, health=500))
    assert quiet(RULE, broken(CUT, health=404))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_accuses_nobody(outcome: Outcome) -> None:
    unasked = looked_at(http(), lambda it: 200 if it.path == "/health" else outcome)
    assert quiet(RULE, unasked)
    assert left_open(RULE, blind(http(), outcome))
