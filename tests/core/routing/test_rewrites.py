"""What rewrite rules make of a request and of a Location; the examples of Microsoft's page are among them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies

from bot.core.model.marked import plain
from bot.core.model.rewrites import RewriteCondition, RewriteRule, RewriteSet
from bot.core.routing.rewrite_conditions import AskedUrl, KnownText, Unknown, variable_in_words
from bot.core.routing.rewrites import Rewritten, location_after, rewritings, rules_in_words
from tests.core.rewriting import header, read, rewrite, when

ASKED = AskedUrl("https", "shop.example", 443, "/a/b", "x=1")
OF_A_CLIENT = when("http_req_Authorization", "^Bearer")


def one(*rules: Any, asked: AskedUrl = ASKED) -> Rewritten:
    (found,) = rewritings(read(*rules), asked)
    return found


def path_of(*rules: Any, asked: AskedUrl = ASKED) -> str:
    return one(*rules, asked=asked).target


def words(found: Rewritten) -> tuple[str, ...]:
    return tuple(map(plain, found.given))


def test_the_example_of_the_page_makes_a_query_of_a_path() -> None:
    made = rewrite(
        "buy",
        when("var_uri_path", "/(.+)/(.+)"),
        path="buy.aspx",
        query="category={var_uri_path_1}&product={var_uri_path_2}",
    )
    asked = replace(ASKED, path="/fashion/shirts", query="")
    assert path_of(made, asked=asked) == "/buy.aspx?category=fashion&product=shirts"
    assert path_of(made, asked=replace(asked, path="/fashion")) == "/fashion"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/apim{var_uri_path}", "/apim/a/b"),
        ("/apim/{var_uri_path}", "/apim//a/b"),
        ("/{var_host}/{var_server_port}/{var_request_scheme}", "/shop.example/443/https"),
        ("/{var_http_method}/{var_query_string}/{var_request_query}", "/GET/x=1/x=1"),
        ("/q{var_request_uri}", "/q/a/b?x=1"),
        ("/{var_ssl_enabled}{http_req_Host}", "/Onshop.example"),
        ("/{var_uri_path_1}{var_uri_path_0}{var_host_99999}", "/"),
        ("/{braces} and {var}", "/{braces} and {var}"),
    ],
)
def test_variables_hold_what_the_client_asked_for(text: str, path: str) -> None:
    assert one(rewrite("r", path=text)).path == path


def test_plain_http_has_tls_switched_off() -> None:
    made = rewrite("r", path="/{var_ssl_enabled}{var_request_scheme}")
    assert one(made, asked=replace(ASKED, scheme="http")).path == "/http"


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ([], True),
        ([when("var_uri_path", "^/a")], True),
        ([when("var_uri_path", "^/A")], False),
        ([when("var_uri_path", "^/A", ignoreCase=True)], True),
        ([when("var_uri_path", "^/a", negate=True)], False),
        ([when("var_query_string", "x=2", negate=True)], True),
        ([when("var_uri_path", "^/a"), when("var_query_string", "x=2")], False),
        ([OF_A_CLIENT, when("var_query_string", "x=2")], False),
    ],
)
def test_every_condition_has_to_hold(conditions: list[Any], holds: bool) -> None:
    assert path_of(rewrite("r", *conditions, path="/new")) == ("/new?x=1" if holds else "/a/b?x=1")


def test_a_host_may_be_made_of_what_a_condition_captured() -> None:
    made = rewrite(
        "r", when("var_host", r"^(\w+)\.|(z)"), host="{var_host_1}.apps.example{var_host_2}"
    )
    found = one(made)
    assert (found.host, found.rules, found.changes(ASKED)) == ("shop.apps.example", ("r",), True)
    same = one(rewrite("r", host="{var_host}"))
    assert (same.host, same.changes(ASKED)) == ("shop.example", False)


def test_the_last_rule_counts_and_uri_path_stays_what_the_client_asked_for() -> None:
    first, last = (
        rewrite("first", path="/first", query=""),
        rewrite("last", path="/last{var_uri_path}"),
    )
    found = one(first, last)
    assert (found.target, found.rules, found.fixed_path) == ("/last/a/b", ("first", "last"), False)
    assert one(last, first).fixed_path
    assert one(first, rewrite("query", query="y=2")).fixed_path


def test_a_condition_that_only_a_client_can_meet_leaves_both_ways_open() -> None:
    found = rewritings(read(rewrite("r", OF_A_CLIENT, path="/in")), ASKED)
    assert [(it.path, *words(it)) for it in found] == [
        ("/a/b", "the request header Authorization does not match ^Bearer"),
        ("/in", "the request header Authorization matches ^Bearer"),
    ]


def test_what_is_assumed_of_a_client_holds_for_all_rules() -> None:
    in_, out = (
        rewrite("in", OF_A_CLIENT, path="/in"),
        when("http_req_Authorization", "^Bearer", negate=True),
    )
    found = rewritings(
        read(in_, rewrite("out", out, path="/out"), rewrite("q", OF_A_CLIENT, query="q")), ASKED
    )
    assert [it.target for it in found] == ["/out?x=1", "/in?q"]


def test_of_several_open_conditions_nobody_knows_which_is_not_met() -> None:
    both = rewrite("r", OF_A_CLIENT, when("var_cookie_beta", "1", negate=True), path="/in")
    found = rewritings(read(both), ASKED)
    together = (
        "the request header Authorization matches ^Bearer and the cookie beta does not match 1"
    )
    assert [(it.path, *words(it)) for it in found] == [
        ("/a/b", f"it is not so that {together}"),
        ("/in", together),
    ]


def test_where_both_ways_come_to_the_same_there_is_one() -> None:
    assert one(rewrite("r", OF_A_CLIENT, path="{var_uri_path}")).path == "/a/b"
    other = rewrite("r", OF_A_CLIENT, requestHeaderConfigurations=header("X-In", "1"))
    assert words(one(other)) == ()


def test_too_many_cases_are_not_told_apart() -> None:
    every = [rewrite(f"r{n}", when(f"http_req_X-{n}", "."), path=f"/{n}") for n in range(4)]
    assert len(rewritings(read(*every[:3]), ASKED)) == 4
    found = one(*every)
    assert plain(found.unknown or "") == "it depends on more than 8 cases of rewrite rule set set"


@pytest.mark.parametrize(
    ("actions", "what"),
    [
        ({"path": "/{var_client_ip}"}, "the server variable client_ip"),
        ({"query": "a={http_req_X-Key}"}, "the request header X-Key"),
        ({"host": "{var_cookie_site}"}, "the cookie site"),
        ({"path": "/{http_resp_Server}"}, "the response header Server"),
    ],
)
def test_a_value_that_only_a_client_knows_leaves_the_request_open(actions: Any, what: str) -> None:
    found = one(rewrite("r", **actions))
    assert plain(found.unknown or "") == f"it depends on {what}"
    assert found.changes(ASKED)


def test_what_an_open_condition_captures_is_open_too() -> None:
    made = rewrite("r", when("http_req_X-Site", "(.*)"), path="/{http_req_X-Site_1}")
    _, applied = rewritings(read(made), ASKED)
    assert plain(applied.unknown or "") == "it depends on the request header X-Site"


def test_a_host_that_nobody_knows_is_open_only_where_it_matters() -> None:
    asked = replace(ASKED, host=Unknown("the host that clients ask for"), port=None)
    assert one(rewrite("r", path="/x"), asked=asked).path == "/x"
    open_ = one(rewrite("r", host="x.{var_host}"), asked=asked)
    assert open_.unknown == "it depends on the host that clients ask for"
    assert one(rewrite("r", path="/{var_server_port}"), asked=asked).unknown


def test_what_a_later_rule_sees_of_a_rewritten_host_is_open() -> None:
    first = rewrite("r", host="b.example")
    assert one(first, rewrite("s", path="/{var_host}")).unknown
    seen, unseen = rewritings(
        read(first, rewrite("s", when("http_req_Host", "b"), path="/s")), ASKED
    )
    assert {seen.path, unseen.path} == {"/a/b", "/s"}


@pytest.mark.parametrize("pattern", ["(", "(?=a)", r"(a)\1", "a{9999}"])
def test_a_pattern_that_re2_does_not_know_is_open(pattern: str) -> None:
    found = rewritings(read(rewrite("r", when("var_uri_path", pattern), path="/x")), ASKED)
    assert [it.path for it in found] == ["/a/b", "/x"]


def test_text_that_is_no_text_matches_nothing_for_certain() -> None:
    asked = replace(ASKED, path="/\ud800")
    found = rewritings(read(rewrite("r", when("var_uri_path", "/"), path="/x")), asked)
    assert len(found) == 2


def test_a_pattern_takes_no_longer_than_the_text_is_long() -> None:
    """Python's own engine would not end within a lifetime."""
    asked = replace(ASKED, path=f"/{'a' * 5_000}b")
    assert path_of(rewrite("r", when("var_uri_path", "^/(a|a)*$"), path="/x"), asked=asked) != "/x"


def test_a_set_that_was_not_read_whole_says_nothing() -> None:
    (found,) = rewritings(RewriteSet("s", "s", unread=True), ASKED)
    assert (
        plain(found.unknown or "") == "it depends on rewrite rule set s, which cannot be read whole"
    )


def test_variables_have_names_for_sentences() -> None:
    assert plain(variable_in_words("weekday")) == "the variable weekday"
    assert plain(variable_in_words("HTTP_REQ_Via")) == "the request header Via"
    assert plain(rules_in_words(read(), ["a"])) == "rewrite rule a of set set"
    assert plain(rules_in_words(read(), ["a", "b", "a"])) == "rewrite rules a, b of set set"


def locations(*rules: Any, status: int = 302) -> tuple[KnownText, tuple[str, ...]]:
    return location_after(read(*rules), ASKED, status, "https://app.azurewebsites.net/path2")


def back(*conditions: Any, value: str = "https://{var_host}{http_resp_Location_1}") -> Any:
    return rewrite("back", *conditions, responseHeaderConfigurations=header("location", value))


OWN = when("http_resp_Location", r"https?:\/\/.*azurewebsites\.net(.*)$")


def test_the_example_of_the_page_gives_a_redirect_the_sites_own_name() -> None:
    assert locations(back(OWN)) == ("https://shop.example/path2", ("back",))
    other = when("http_resp_Location", "contoso")
    assert locations(back(other)) == ("https://app.azurewebsites.net/path2", ())


def test_a_location_may_depend_on_the_status_and_be_taken_away() -> None:
    assert locations(back(when("var_http_status", "302"), value="")) == ("", ("back",))
    kept = locations(back(when("var_http_status", "302"), value=""), status=301)
    assert kept == ("https://app.azurewebsites.net/path2", ())


def test_a_location_that_depends_on_a_client_is_open() -> None:
    now, by = locations(back(OF_A_CLIENT))
    assert isinstance(now, Unknown)
    assert (plain(now.what), by) == (
        "whether the request header Authorization matches ^Bearer (rewrite rule back)",
        (),
    )
    now, _ = locations(back(value="/{var_client_ip}"))
    assert isinstance(now, Unknown)
    now, _ = location_after(RewriteSet("s", "s", unread=True), ASKED, 302, "/")
    assert isinstance(now, Unknown)


def test_what_a_later_rule_sees_of_a_changed_location_is_open() -> None:
    made_of_it = back(value="https://{var_host}{http_resp_Location}")
    now, by = locations(back(OWN), made_of_it)
    assert (isinstance(now, Unknown), by) == (True, ("back", "back"))
    now, _ = locations(back(OWN), back(OWN))
    assert isinstance(now, Unknown)
    not_met = back(when("http_resp_Location", "contoso"))
    assert locations(not_met, back(OWN)) == ("https://shop.example/path2", ("back",))


def test_rules_without_a_location_leave_it() -> None:
    assert locations(rewrite("r", path="/x"))[1] == ()


NAMES = strategies.sampled_from(
    ["var_uri_path", "var_host", "http_req_Host", "http_req_Cookie", "var_client_ip", "x", ""]
)
TEXTS = strategies.lists(
    strategies.sampled_from([*"/a(){}*+?|^$[]\\_12", "{var_uri_path_1}", "{http_req_Host}"])
).map("".join)


CONDITIONS = strategies.builds(
    RewriteCondition, NAMES, TEXTS, strategies.booleans(), strategies.booleans()
)
HEADERS = strategies.lists(
    strategies.tuples(strategies.sampled_from(["Host", "Location", "X"]), TEXTS), max_size=2
).map(tuple)
RULES = strategies.builds(
    RewriteRule,
    strategies.sampled_from(["a", "b"]),
    strategies.lists(CONDITIONS, max_size=3).map(tuple),
    HEADERS,
    HEADERS,
    strategies.none() | TEXTS,
    strategies.none() | TEXTS,
    strategies.booleans(),
)


@given(rules=strategies.lists(RULES, max_size=5), path=TEXTS)
def test_whatever_the_rules_every_variant_is_a_request_or_says_why_not(
    rules: list[RewriteRule], path: str
) -> None:
    asked = replace(ASKED, path=f"/{path}")
    made = RewriteSet("s", "s", tuple(rules))
    found = rewritings(made, asked)
    assert 1 <= len(found) <= 8
    for it in found:
        assert it.path.startswith("/")
        assert len(found) == 1 or it.given or it.unknown
    assert len(found) == 1 or len(
        {(it.host, it.target, it.reroute, it.unknown) for it in found}
    ) == len(found)
    now, _ = location_after(made, asked, 302, path)
    assert isinstance(now, str | Unknown)
