from dataclasses import replace

from bot.core.case.finding import Match
from bot.core.model.marked import plain as in_words
from bot.core.report.client_facts import client_facts
from bot.core.report.suffering import who_suffers
from bot.core.rules.rewrite_loop import RULE
from tests.core.asking import matches, quiet
from tests.core.clients import errors, looked_at, plain
from tests.core.make import HOST, case
from tests.core.rewriting import on_paths, rewrite, when

AGAIN = rewrite("again", path="/api{var_uri_path}", reroute=True)
CIRCLE = on_paths(AGAIN, at_path=True)


def test_matches_a_path_rule_that_its_own_rewrite_leads_back_to() -> None:
    made = looked_at(CIRCLE, plain(lambda it: 200))
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert in_words(seen.summary) == (
        f"Clients of {HOST}/api/* get 500 from the gateway: rewrite rule again of set set has the path map asked again"
        " and again."
    )
    assert (seen.part, seen.concerns, seen.sites) == ("set", "clients", (f"{HOST}/api/*",))
    assert [it.rule for it in errors(made)] == ["rewrite_loop"]
    told = who_suffers(client_facts(made))
    assert in_words(told) == f"Clients of {HOST}/api/* get 500; {HOST} is served."


def test_matches_rules_that_only_go_round_together() -> None:
    made = on_paths(rewrite("path", path="/api/x"), rewrite("again", reroute=True), at_path=True)
    (told,) = matches(RULE, case(made))
    assert "rewrite rules path, again of set set have the path map asked" in told


def test_is_quiet_where_the_way_ends() -> None:
    ends = (
        on_paths(rewrite("r", path="/old{var_uri_path}", reroute=True), at_path=True),
        on_paths(rewrite("r", path="/api{var_uri_path}"), at_path=True),
        on_paths(rewrite("r", when("var_uri_path", "^/$"), path="/api/", reroute=True)),
    )
    nowhere = on_paths(AGAIN, pattern="/shop/*", at_path=True)
    del nowhere["properties"]["urlPathMaps"][0]["properties"]["defaultBackendAddressPool"]
    assert all(quiet(RULE, case(it)) for it in (*ends, nowhere))


def test_a_missing_header_of_the_client_leaves_it_undecided_elsewhere() -> None:
    """Whether clients send it is an open question of the rule about the request."""
    some = when("http_req_X-Beta", "1")
    made = on_paths(rewrite("r", some, path="/api{var_uri_path}", reroute=True), at_path=True)
    assert quiet(RULE, looked_at(made, plain(lambda it: 200)))


def test_the_steps_name_the_rule_and_the_clients_own_request() -> None:
    made = case(CIRCLE)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert RULE.guide is not None
    steps = [it.command or "" for it in RULE.guide.steps(made, seen)]
    assert "--rule-set-name set --enable-reroute false" in steps[2]
    assert steps[-1].endswith(f"https://{HOST}/api/")
    none = [it.command or "" for it in RULE.guide.steps(made, replace(seen, part="other"))]
    assert none[-1].endswith("https://HOST_NAME/")
