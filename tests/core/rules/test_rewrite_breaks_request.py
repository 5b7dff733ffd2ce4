from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import Attempt, NoResponse, Outcome, Response
from bot.core.rules import RULES
from bot.core.rules.rewrite_breaks_request import RULE
from tests.core.asking import doubts, left_open, matches, quiet
from tests.core.clients import SECOND, errors, looked_at, plain
from tests.core.make import HOST, NOT_SEEN, SERVER, blind
from tests.core.rewriting import on_paths, rewrite, rewritten, when

GONE = rewritten(rewrite("old", path="/v1{var_uri_path}"))
TYPO = rewritten(rewrite("typo", host="shp.example"))
OF_A_CLIENT = when("http_req_Authorization", "^Bearer")


def below_v1(status: int, otherwise: int = 200) -> Any:
    return plain(lambda it: status if str(it.path).startswith("/v1") else otherwise)


def knows(*hosts: str) -> Any:
    return plain(lambda it: 200 if it.host in hosts else 404)


@pytest.mark.parametrize("status", [404, 410, 400, 500])
def test_matches_where_the_request_is_answered_as_the_client_made_it(status: int) -> None:
    made = looked_at(GONE, below_v1(status))
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    changed = "rewrite rule old of set set changes the request to path /v1/health"
    assert in_words(seen.summary) == f"{SERVER} answers clients of {HOST} with {status}: {changed}."
    assert (seen.concerns, seen.sites) == ("clients", (HOST,))
    assert [in_words(it.text) for it in seen.evidence] == [
        f"Host {HOST}, path /v1/health: {status}",
        f"Host {HOST}, path /health, without the rewrite: 200",
        changed,
        f"clients' requests for {HOST}: HTTP to port 80, Host {HOST}, path /v1/health ({changed})",
        f"the health probe: HTTP to port 80, Host {HOST}, path /health",
    ]
    assert [it.rule for it in errors(made)] == ["rewrite_breaks_request"]


def test_matches_a_host_that_the_server_does_not_know() -> None:
    made = looked_at(TYPO, knows(HOST))
    assert matches(RULE, made)[0].endswith("changes the request to Host shp.example.")
    assert [it.rule for it in errors(made)] == ["rewrite_breaks_request"]


def test_matches_a_host_where_the_clients_own_is_unknown_too() -> None:
    """The probe asks for a third one, which is answered."""
    probes = [it | {"properties": it["properties"] | {"host": "app.example"}} for it in _probes()]
    made = looked_at(
        rewritten(rewrite("typo", host="shp.example"), top={"probes": probes}), knows("app.example")
    )
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert in_words(seen.evidence[1].text) == f"{SERVER} answers the same path for another host"
    assert [it.rule for it in errors(made)] == ["rewrite_breaks_request"]


def _probes() -> Any:
    return GONE["properties"]["probes"]


def test_matches_one_page_for_all_that_is_not_there() -> None:
    made = looked_at(
        rewritten(rewrite("all", path="/buy.aspx")),
        plain(lambda it: 404 if it.path != "/health" else 200),
    )
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert in_words(seen.summary).endswith("changes the request to path /buy.aspx.")
    other = looked_at(
        on_paths(rewrite("all", path="/buy"), at_path=True),
        plain(lambda it: 404 if it.server == SECOND else 200),
    )
    (seen,) = RULE.check(other)
    assert isinstance(seen, Match)
    assert (
        in_words(seen.evidence[1].text)
        == "the rule sends whatever clients ask for to this one page"
    )
    assert seen.sites == (f"{HOST}/api/*",)


def test_matches_beside_a_path_override_that_breaks_the_request_as_well() -> None:
    made = rewritten(rewrite("old", path="/v1{var_uri_path}"), path="/gone/")
    seen = matches(
        RULE, looked_at(made, plain(lambda it: 200 if it.path in ("/", "/health") else 404))
    )
    assert len(seen) == 1


def test_is_quiet_where_the_rewritten_request_is_answered() -> None:
    assert quiet(RULE, looked_at(GONE, below_v1(200, otherwise=404)))
    assert quiet(RULE, looked_at(GONE, below_v1(401)))
    assert quiet(RULE, looked_at(rewritten(), below_v1(200)))
    v1 = rewritten(rewrite("old", path="/v1{var_uri_path}"), tier="Standard")
    assert quiet(RULE, looked_at(v1, below_v1(404)))


def test_is_quiet_where_nothing_shows_that_the_rewrite_is_at_fault() -> None:
    assert quiet(RULE, looked_at(GONE, plain(lambda it: 404)))
    assert quiet(RULE, looked_at(rewritten(rewrite("all", path="/buy")), plain(lambda it: 500)))
    tls = plain(lambda it: _wants_tls(it) if str(it.path).startswith("/v1") else 200)
    assert quiet(RULE, looked_at(GONE, tls))


def _wants_tls(_: Attempt) -> Any:
    return Response(400, None, "The plain HTTP request was sent to HTTPS port")


def test_is_undecided_where_it_depends_on_the_client() -> None:
    made = rewritten(rewrite("in", OF_A_CLIENT, path="/in"))
    page = plain(lambda it: 404 if it.path == "/in" else 200)
    why, *_ = doubts(RULE, looked_at(made, page))
    assert why == (
        f"for clients' requests for {HOST}, rewrite rule in of set set counts only where the request header"
        f" Authorization matches ^Bearer; with Host {HOST}, path /in: {SERVER} answers clients of {HOST} with 404:"
        f" rewrite rule in of set set changes the request to path /in. With Host {HOST}, path /health that was not seen"
    )
    # The other pages of the site raise the same doubt.
    assert left_open_by(made, page) == ["rewrite_breaks_request"]
    assert quiet(RULE, looked_at(made, plain(lambda it: 200)))


def left_open_by(made: Any, page: Any) -> list[str]:
    found = diagnose(looked_at(made, page), RULES)
    assert found.verdict == "undecided"
    return [it.rule for it in found.undecided]


def test_matches_where_whatever_the_client_sends_the_page_is_not_there() -> None:
    made = rewritten(rewrite("in", OF_A_CLIENT, path="/in"), rewrite("q", path="/out"))
    found = looked_at(made, plain(lambda it: 200 if it.path == "/health" else 404))
    assert matches(RULE, found)


def test_is_undecided_where_nobody_knows_what_becomes_of_the_request() -> None:
    made = rewritten(rewrite("r", path="/{var_client_ip}"))
    (why,) = doubts(RULE, looked_at(made, plain(lambda it: 200)))
    assert why == (
        f"what set makes of clients' requests for {HOST} is not known: it depends on the server variable client_ip"
    )


def test_is_undecided_where_only_some_clients_get_to_that_server() -> None:
    made = on_paths(
        rewrite("r", when("var_uri_path", "^/$"), OF_A_CLIENT, path="/api/in", reroute=True)
    )
    (why,) = doubts(RULE, looked_at(made, plain(lambda it: 404 if it.path == "/api/in" else 200)))
    assert why.startswith(
        f"clients' requests for {HOST} come here only where the request header Authorization matches ^Bearer; then:"
    )


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_accuses_nobody(outcome: Outcome) -> None:
    assert left_open(RULE, blind(GONE, outcome))
    unseen = looked_at(GONE, plain(lambda it: outcome if it.path == "/v1/" else 200))
    assert quiet(RULE, unseen)
    none = looked_at(
        GONE, plain(lambda it: NoResponse("closed", "closed") if it.path == "/v1/" else 200)
    )
    assert quiet(RULE, none)
