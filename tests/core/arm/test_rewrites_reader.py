"""Rewrite rule sets as ARM has them, and as it should not have them."""

from typing import Any

import pytest

from bot.core.model.rewrites import RewriteCondition, RewriteRule
from bot.core.routing.client_way import client_ways
from tests.core.make import case, document, item, ref, rule
from tests.core.rewriting import V2, a_set, header, read, rewrite, rewritten, when


def test_a_rule_is_read_whole() -> None:
    made = rewrite(
        "r",
        when("var_host", "a.*", ignoreCase=True, negate=True),
        host="b.example",
        path="/x",
        query="y=1",
        reroute=True,
        responseHeaderConfigurations=header("Location", "/z"),
    )
    (found,) = read(made).rules
    assert found == RewriteRule(
        name="r",
        conditions=(RewriteCondition("var_host", "a.*", ignore_case=True, negate=True),),
        request_headers=(("Host", "b.example"),),
        response_headers=(("Location", "/z"),),
        path="/x",
        query="y=1",
        reroute=True,
    )
    assert (found.hosts, found.locations, found.moves_requests) == (("b.example",), ("/z",), True)


def test_rules_come_by_their_sequence_whatever_their_place() -> None:
    late = {**rewrite("late"), "ruleSequence": 20}
    early = {**rewrite("early"), "ruleSequence": "3"}
    assert [it.name for it in read(late, early).rules] == ["early", "late"]


@pytest.mark.parametrize(("said", "found"), [("", ""), (None, None), ("a=b", "a=b")])
def test_an_empty_query_takes_it_away_and_none_leaves_it(said: Any, found: str | None) -> None:
    (it,) = read(rewrite("r", query=said)).rules
    assert it.query == found
    assert it.moves_requests is (found is not None)


def test_other_headers_move_no_request_and_a_host_is_never_taken_away() -> None:
    others = rewrite("r", requestHeaderConfigurations=header("X-Client", "{var_client_ip}"))
    gone = rewrite("s", requestHeaderConfigurations=header("host", ""))
    found = read(others, gone)
    assert [it.hosts for it in found.rules] == [(), ()]
    assert list(found.moving) == []


@pytest.mark.parametrize(
    "odd",
    [
        {"rewriteRules": 7},
        {"rewriteRules": [7]},
        {"rewriteRules": [{"conditions": {"variable": 1}}]},
        {"rewriteRules": [{"conditions": [{"pattern": []}]}]},
        {"rewriteRules": [{"actionSet": {"urlConfiguration": "/x"}}]},
        {"rewriteRules": [{"actionSet": {"requestHeaderConfigurations": [[]]}}]},
        {"rewriteRules": [{"ruleSequence": "first"}]},
    ],
)
def test_of_a_set_that_cannot_be_read_whole_it_is_not_known_what_it_does(odd: Any) -> None:
    found = case(
        document(
            tier=V2,
            rewriteRuleSets=[item("rewriteRuleSets", "set", **odd)],
            requestRoutingRules=[rule(rewriteRuleSet=ref("rewriteRuleSets", "set"))],
        )
    ).gateway
    assert [it.unread for it in found.rewrite_sets] == [True]
    assert [it for it in found.notes if "rewriteRuleSets" in it]
    (way,) = client_ways(found)
    assert way.unknown is not None


def test_an_empty_set_changes_nothing() -> None:
    (found,) = case(rewritten()).gateway.rewrite_sets
    assert (found.rules, found.unread) == ((), False)
    (one, two) = client_ways(case(rewritten()).gateway)
    assert [it.rewritten[0].target for it in (one, two)] == [one.path, two.path]


def test_every_place_may_refer_to_a_set() -> None:
    named = ref("rewriteRuleSets", "set")
    ours = named["id"].lower()
    ends: Any = {"backendAddressPool": ref("backendAddressPools", "pool")}
    path_map = item(
        "urlPathMaps",
        "paths",
        defaultRewriteRuleSet=named,
        pathRules=[
            {"name": "api", "properties": {"paths": ["/api"], "rewriteRuleSet": named, **ends}}
        ],
    )
    advanced = item(
        "advancedRoutingMaps",
        "conditions",
        defaultRewriteRuleSet=named,
        advancedRoutingRules=[
            {"name": "a", "properties": {"rewriteRuleSet": named, "priority": 1}}
        ],
    )
    found = case(
        document(
            tier=V2,
            rewriteRuleSets=[a_set()],
            urlPathMaps=[path_map],
            advancedRoutingMaps=[advanced],
            requestRoutingRules=[rule(rewriteRuleSet=named)],
        )
    ).gateway
    assert [it.rewrites for it in found.rules] == [ours]
    assert [[it.rewrites for it in one.rules] for one in found.path_maps] == [[ours, ours]] * 2
