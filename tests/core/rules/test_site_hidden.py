from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.client_outcome import client_outcome
from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import Answered, Observation, Outcome, Response
from bot.core.rules.site_hidden import RULE
from tests.core.answers import SILENCE
from tests.core.asking import left_open, matches, quiet
from tests.core.clients import SECOND, errors, hidden, looked_at, plain, views
from tests.core.make import NOT_SEEN, SERVER, blind, item, ref, rule
from tests.core.rewriting import a_set, rewrite

SHOP = "shop.contoso.com"
OWN = Response(200, None, "the shop")


def answered(wide: Any, own: Any = OWN, made: Any = None) -> Case:
    """What the wide site's server says for the shop's host, and what the shop's own server does."""
    base = hidden() if made is None else made

    def page(it: Any) -> Any:
        if it.path == "/health":
            return 200
        return own if it.server == SECOND else wide

    return looked_at(base, plain(page))


def test_matches_where_the_sites_own_pool_would_have_answered_otherwise() -> None:
    made = answered(404)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert in_words(seen.summary) == (
        f"Clients of {SHOP} get the answer of pool pool, not that of their own pool api: rule wide"
        " (*.contoso.com) comes before shop."
    )
    assert (seen.concerns, seen.sites) == ("clients", (SHOP,))
    assert [in_words(it.text) for it in seen.evidence][:3] == [
        "the request as it is served now",
        f"{SECOND} of the site's own pool answers it otherwise",
        "rule wide takes it first",
    ]
    assert [it.rule for it in errors(made)] == ["site_hidden"]


@pytest.mark.parametrize(("well", "is_quiet"), [(("302",), False), (("200",), True)])
def test_what_fails_the_probe_of_the_sites_own_pool_is_no_page_that_its_clients_miss(
    well: tuple[str, ...], is_quiet: bool
) -> None:
    """Their other page is the same in both pools."""
    base = hidden()
    own: Any = {"host": SHOP, "match": {"statusCodes": [*well]}}
    base["properties"]["probes"][0]["properties"] |= own

    def page(it: Any) -> Any:
        sick = it.path == "/health" and it.server == SECOND
        return Response(302, "/login", "") if sick else OWN

    made = looked_at(base, plain(page))
    assert quiet(RULE, made) is is_quiet
    other = looked_at(base, plain(lambda it: 404 if it.server == SERVER else page(it)))
    assert matches(RULE, other)


@pytest.mark.parametrize("said", [200, 500, Response(302, "/start", "")])
def test_matches_any_other_answer(said: Any) -> None:
    assert matches(RULE, answered(said))


def rewriting(name: str) -> Any:
    """The site's own rule rewrites its path, or nobody knows to what."""
    path = {"modifiedPath": f"/{name}"}
    made = hidden()
    made["properties"]["rewriteRuleSets"] = [a_set(rewrite("r", urlConfiguration=path))]
    (shop,) = (it for it in made["properties"]["requestRoutingRules"] if it["name"] == "shop")
    shop["properties"]["rewriteRuleSet"] = ref("rewriteRuleSets", "set")
    return made


def test_matches_what_the_sites_own_rewrite_rules_would_have_made_of_the_request() -> None:
    def page(it: Any) -> Any:
        own = OWN if it.path == "/v2" else 404
        return 200 if it.path == "/health" else own if it.server == SECOND else 404

    assert matches(RULE, looked_at(rewriting("v2"), plain(page)))
    assert quiet(RULE, looked_at(rewriting("v3"), plain(page)))


def test_is_quiet_where_nobody_knows_what_they_would_have_made_of_it() -> None:
    assert quiet(RULE, answered(404, made=rewriting("{var_client_ip}")))


def test_matches_behind_a_listener_for_every_host_name() -> None:
    basic = hidden(wide=())
    assert (
        "rule wide (every host name) comes before shop"
        in matches(RULE, answered(404, made=basic))[0]
    )


def test_matches_on_v1_too() -> None:
    assert matches(RULE, answered(404, made=hidden(tier="Standard")))


def test_matches_by_the_path_rule_of_the_sites_own_path_map() -> None:
    assert f"{SHOP} get" in matches(RULE, answered(404, made=hidden(paths=("/*",))))[0]


def test_is_quiet_where_the_wide_pool_turns_us_away_whatever_we_ask_for() -> None:
    """It admits callers by their address: what it gives to clients nobody saw."""

    def page(it: Any) -> Any:
        return OWN if it.server == SECOND else 403

    made = looked_at(hidden(), plain(page))
    assert quiet(RULE, made)
    assert errors(made) == []
    assert {client_outcome(it).word for it in views(made) if it.server == SERVER} == {"not_tried"}
    # Where the health probe is answered, it is the site that is denied.
    assert matches(RULE, answered(403))


def test_is_quiet_where_both_answer_alike_or_the_own_pool_fails() -> None:
    assert quiet(RULE, answered(OWN))
    for said in (404, 503, Response(301, f"https://{SECOND}/", "")):
        assert quiet(RULE, answered(200, own=said))


@pytest.mark.parametrize(
    "moved", [f"https://{SHOP}/", f"https://{SHOP}", "/", f"https://{SHOP}:443/"]
)
def test_is_quiet_where_the_own_pool_only_leads_in_circles(moved: str) -> None:
    """From `/start`, too, to the page from which it leads to itself."""
    assert quiet(RULE, answered(200, own=Response(301, moved, "")))
    start = hidden(paths=("/start",))
    assert quiet(RULE, answered(200, own=Response(301, moved, ""), made=start))


@pytest.mark.parametrize(
    ("target", "is_quiet"),
    [
        ({"targetListener": ref("httpListeners", "shop"), "includePath": True}, True),
        ({"targetUrl": f"https://{SHOP}", "includePath": True}, True),
        ({"targetUrl": "https://elsewhere.test", "includePath": True}, False),
    ],
)
def test_is_quiet_where_the_gateways_own_redirect_closes_the_circle(
    target: Any, is_quiet: bool
) -> None:
    """The own pool takes clients for such of plain HTTP, and leads them from each page to the start page."""
    made = hidden()
    top = made["properties"]
    top["frontendPorts"].append(item("frontendPorts", "p80", port=80))
    door: Any = {"protocol": "Http", "frontendPort": ref("frontendPorts", "p80")}
    top["httpListeners"].append(item("httpListeners", "plain", hostName=SHOP, **door))
    top["redirectConfigurations"] = [item("redirectConfigurations", "r", **target)]
    ends: Any = {
        "backendAddressPool": None,
        "backendHttpSettings": None,
        "redirectConfiguration": ref("redirectConfigurations", "r"),
        "httpListener": ref("httpListeners", "plain"),
    }
    top["requestRoutingRules"].append(rule("plain", priority=900, **ends))
    moved = Response(302, f"http://{SHOP}/", "")
    page = plain(lambda it: moved if it.server == SECOND else 200)
    assert quiet(RULE, looked_at(made, page)) is is_quiet


@pytest.mark.parametrize(
    "moved", ["/start", f"https://{SHOP}/start", "https://elsewhere.test/", "https://[/"]
)
def test_matches_a_redirect_of_the_own_pool_that_is_no_circle(moved: str) -> None:
    assert matches(RULE, answered(404, own=Response(301, moved, "")))


def test_is_quiet_where_the_site_comes_first_or_ends_at_the_same_place() -> None:
    assert quiet(RULE, answered(404, made=hidden(first="shop")))
    assert quiet(RULE, answered(404, made=hidden(own_pool="pool")))


def test_is_quiet_where_the_sites_own_rule_leads_nowhere_for_the_path() -> None:
    assert quiet(RULE, answered(404, made=hidden(paths=("/only/*",), default=False)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_of_its_own_pool_accuses_nobody(outcome: Outcome) -> None:
    assert quiet(RULE, answered(404, own=outcome))
    assert quiet(RULE, looked_at(hidden(), lambda it: outcome))
    assert left_open(RULE, blind(hidden(), outcome))


@pytest.mark.parametrize("outcome", [*NOT_SEEN, SILENCE])
def test_a_missing_answer_of_the_pool_that_clients_reach_accuses_nobody(outcome: Any) -> None:
    """Although that pool's server was met, and the site's own server answers."""
    made = answered(404)
    (shop,) = (it for it in made.clients if it.way.hidden and it.way.path == "/")
    kept = (it for it in made.observations if it.attempt != shop.attempt)
    lost = outcome if outcome != SILENCE else Answered(SERVER, None, SILENCE)
    assert quiet(RULE, replace(made, observations=(*kept, Observation(shop.attempt, lost))))
