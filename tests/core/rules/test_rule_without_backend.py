from typing import Any

import pytest

from bot.core.model.observation import NotTried
from bot.core.rules.rule_without_backend import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import case, document, item, ref, rule

NOTHING: Any = {"backendAddressPool": None, "backendHttpSettings": None}


def of(**changes: Any) -> Any:
    return case(document(requestRoutingRules=[rule(**changes)]))


def test_matches_a_pool_or_settings_that_are_not_there() -> None:
    gone = of(backendAddressPool=ref("backendAddressPools", "gone"))
    assert matches(RULE, gone) == ["Rule rule leads nowhere: it has no backend pool."]
    assert matches(RULE, of(**NOTHING)) == [
        "Rule rule leads nowhere: it has no backend pool and no HTTP settings."
    ]


def test_matches_a_listener_or_path_map_that_is_not_there() -> None:
    assert "no listener" in matches(RULE, of(httpListener=ref("httpListeners", "gone")))[0]
    assert "no path map" in matches(RULE, of(**NOTHING, urlPathMap=ref("urlPathMaps", "gone")))[0]


def test_is_quiet_where_a_wider_rule_takes_all_of_its_requests() -> None:
    """Nobody misses that pool; that the rule is hidden, `rule_order` says."""
    sites = [
        item("httpListeners", it, protocol="Https", hostNames=[host])
        for it, host in (("wide", "*.contoso.com"), ("shop", "shop.contoso.com"))
    ]
    lost, kept = (
        rule(it, httpListener=ref("httpListeners", it), **more)
        for it, more in (("shop", NOTHING), ("wide", {}))
    )
    for order, found in (((kept, lost), 0), ((lost, kept), 1)):
        made = case(document(httpListeners=sites, requestRoutingRules=list(order)))
        assert len(matches(RULE, made)) == found


def test_is_quiet_on_a_whole_rule_and_on_the_other_ways_to_lead_somewhere() -> None:
    assert quiet(RULE, case())
    assert quiet(RULE, of(**NOTHING, redirectConfiguration=ref("redirectConfigurations", "home")))
    policy = ref("loadDistributionPolicies", "spread")
    assert quiet(RULE, of(backendAddressPool=None, loadDistributionPolicy=policy))
    mapped = document(
        requestRoutingRules=[rule(**NOTHING, urlPathMap=ref("urlPathMaps", "paths"))],
        urlPathMaps=[item("urlPathMaps", "paths")],
    )
    assert quiet(RULE, case(mapped))


def test_ids_are_compared_whatever_their_case() -> None:
    shouted = {"id": ref("backendAddressPools", "pool")["id"].upper()}
    assert quiet(RULE, of(backendAddressPool=shouted))


def test_missing_and_bare_ids_are_told_apart() -> None:
    bare = {
        "httpListener": ref("httpListeners", "site")["id"],
        "backendAddressPool": ref("backendAddressPools", "pool")["id"],
        "backendHttpSettings": ref("backendHttpSettingsCollection", "https")["id"],
    }
    assert quiet(RULE, of(**bare))


@pytest.mark.parametrize("rules", [None, [], "rule", ["rule", None], {"rule": {}}])
def test_missing_or_unreadable_rules_leave_open_whether_the_gateway_is_healthy(rules: Any) -> None:
    nothing = case(document(requestRoutingRules=rules), NotTried("outside"))
    assert "backend_not_followed" in left_open(RULE, nothing)


def test_one_unreadable_rule_leaves_open_what_lies_behind_it() -> None:
    nothing = case(document(requestRoutingRules=[rule(), "another"]), state="healthy")
    assert left_open(RULE, nothing) == {"backend_not_followed"}
