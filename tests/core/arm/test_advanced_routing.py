"""Advanced routing maps: every pool is followed, and which requests go there is said or left open."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.gateway import PathRule
from bot.core.report.client_facts import client_facts
from bot.core.report.suffering import who_suffers
from bot.core.routing.client_way import conditional_ways
from bot.core.routing.routes import backends
from bot.core.routing.serving_route import Site, serving_route
from bot.core.rules import RULES
from bot.core.rules.path_map_gap import RULE as GAP
from bot.core.rules.pool_empty import RULE as POOL_EMPTY
from tests.core.asking import matches
from tests.core.make import APP, HOST, answered, case, document, item, ref, rule, v2_settings
from tests.core.plainly import plainly

HTTPS = ref("backendHttpSettingsCollection", "https")
SERVERS = {"web": "10.0.0.1", "beta": "10.0.0.2", "api": "10.0.0.3"}


def condition(kind: Any, *values: str, **more: Any) -> Any:
    given = {"propertyValues": list(values)} if values else {}
    return {"conditionType": kind} | given | more


BETA = condition("Header", "1", propertyName="X-Beta")
API = condition("Path", "/api/*")


def entry(name: str, priority: Any, **more: Any) -> Any:
    ends = {
        "advancedRoutingConditionSet": ref("advancedRoutingConditionSets", name),
        "backendAddressPool": ref("backendAddressPools", name),
        "backendHttpSettings": HTTPS,
    }
    return {"name": name, "properties": {"priority": priority} | ends | more}


def routed(
    beta: Any = (BETA,), api: Any = (API,), *, rules: Any = None, **changes: Any
) -> dict[str, Any]:
    """Requests of `beta` go to one pool, those of `api` to another, all others to web; sets are lists of conditions."""
    sets = [
        item(
            "advancedRoutingConditionSets",
            name,
            routingConditions=list(found) if isinstance(found, tuple) else found,
        )
        for name, found in (("beta", beta), ("api", api))
    ]
    advanced = item(
        "advancedRoutingMaps",
        "map",
        defaultBackendAddressPool=ref("backendAddressPools", "web"),
        defaultBackendHttpSettings=HTTPS,
        advancedRoutingRules=[entry("api", 20), entry("beta", 10)] if rules is None else rules,
    )
    to_map = rule(
        ruleType="AdvancedRouting",
        priority=1,
        advancedRoutingMap=ref("advancedRoutingMaps", "map"),
        backendAddressPool=None,
        backendHttpSettings=None,
    )
    pools = [
        item("backendAddressPools", name, backendAddresses=[{"ipAddress": address}])
        for name, address in SERVERS.items()
    ]
    parts = {
        "backendAddressPools": pools,
        "backendHttpSettingsCollection": [v2_settings()],
        "advancedRoutingConditionSets": sets,
        "advancedRoutingMaps": [advanced],
        "requestRoutingRules": [to_map],
    }
    return document(tier="Standard_v2", **(parts | changes))


def entries(made: Any) -> dict[str, PathRule]:
    (found,) = read_gateway(made, {}).path_maps
    assert (found.name, found.kind) == ("map", "advanced routing map")
    return {it.name: plainly(it) for it in found.rules}


def test_rules_come_by_priority_and_the_default_last() -> None:
    found = entries(routed())
    assert list(found) == ["beta", "api", "default"]
    assert {name: (it.paths, it.condition) for name, it in found.items()} == {
        "beta": ((), "header X-Beta is 1"),
        "api": (("/api/*",), None),
        "default": (("/*",), None),
    }
    assert list(entries(routed(rules=[entry("api", None), entry("beta", 7)]))) == [
        "beta",
        "api",
        "default",
    ]


def test_every_pool_is_followed() -> None:
    gateway = read_gateway(routed(), {})
    assert {it.server for it in backends(gateway)} == set(SERVERS.values())
    assert gateway.unfollowed == gateway.notes == ()
    well = case(routed(), answered(APP, public=0), state="healthy")
    assert diagnose(well, RULES).verdict == "healthy"


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ([condition("ClientIP", "10.0.0.0/8", "::1")], "client address is 10.0.0.0/8 or ::1"),
        ([condition("Method", "GET")], "method is GET"),
        ([condition("Header", "a", propertyName="Host")], "header Host is a"),
        (
            [condition("Path", propertyValueMatcher={"pattern": "^/v[0-9]+"})],
            "path matches ^/v[0-9]+",
        ),
        (
            [
                condition(
                    "QueryString",
                    propertyName="v",
                    propertyValueMatcher={"pattern": "2", "negate": True},
                )
            ],
            "query argument v does not match 2",
        ),
        ([API, condition("Path", "/api/v1")], "path is /api/* and path is /api/v1"),
    ],
)
def test_what_may_take_any_request_leaves_it_open_what_is_left(conditions: Any, said: str) -> None:
    found = entries(routed(beta=conditions))
    left = f"no rule before it takes the request (beta takes those where {said})"
    assert [it.condition for it in found.values()] == [said, left, left]
    assert [it.paths for it in found.values()] == [(), (), ()]
    gateway = read_gateway(routed(beta=conditions), {})
    assert serving_route(gateway, Site(HOST)) is None
    assert gateway.unfollowed == ()


@pytest.mark.parametrize(
    "conditions",
    [
        [BETA],
        [API, BETA],
        [condition("QueryString", "2", propertyName="v"), condition("Method", "GET")],
    ],
)
def test_what_takes_special_requests_leaves_all_others(conditions: Any) -> None:
    found = entries(routed(beta=conditions))
    assert [bool(it.condition) for it in found.values()] == [True, False, False]
    route = serving_route(read_gateway(routed(beta=conditions), {}), Site(HOST, "/api/x"))
    assert route is not None
    assert route.pool.name == "api"


def test_a_condition_that_comes_after_an_open_one_says_both() -> None:
    found = entries(routed(beta=[condition("Method", "GET")], api=[BETA]))
    assert found["api"].condition == (
        "header X-Beta is 1 and no rule before it takes the request (beta takes those where method is GET)"
    )
    twice = entries(routed(beta=[condition("Method", "GET")], api=[condition("Method", "PUT")]))
    assert twice["default"].condition == (
        "no rule before it takes the request (beta takes those where method is GET)"
    )


def test_a_rule_without_conditions_takes_all() -> None:
    rules = [entry("beta", 10, advancedRoutingConditionSet=None)]
    assert entries(routed(rules=rules))["beta"].paths == ("/*",)
    route = serving_route(read_gateway(routed(rules=rules), {}), Site(HOST))
    assert route is not None
    assert route.pool.name == "beta"


GONE = entry("beta", 10, advancedRoutingConditionSet=ref("advancedRoutingConditionSets", "gone"))
UNREAD = ("advanced routing map map (which cannot be read whole)",)


@pytest.mark.parametrize(
    ("made", "unfollowed"),
    [
        (routed(beta=[condition("Cookie", "1")]), UNREAD),
        (routed(beta=[condition(None, "1")]), UNREAD),
        (routed(beta=[]), UNREAD),
        (routed(beta=7), UNREAD),
        (routed(beta=[condition("Path", propertyValueMatcher=7)]), UNREAD),
        (routed(rules=[GONE]), UNREAD),
        (routed(rules=[entry("beta", 10, backendAddressPool=7)]), UNREAD),
        (routed(rules=[entry("beta", "first")]), UNREAD),
        (routed(rules=[7]), UNREAD),
        (routed(rules="text"), UNREAD),
        (routed(advancedRoutingMaps=[7]), ("rule rule (which cannot be read whole)",)),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_healthy(made: Any, unfollowed: Any) -> None:
    assert plainly(read_gateway(made, {}).unfollowed) == unfollowed
    well = case(made, answered(APP, public=0), state="healthy")
    found = diagnose(well, RULES)
    assert (found.verdict, found.errors) == ("undecided", ())


def test_a_redirect_has_no_pool() -> None:
    away = {"redirectConfiguration": ref("redirectConfigurations", "away")}
    made = routed(rules=[entry("beta", 10, backendAddressPool=None, **away)])
    assert entries(made)["beta"].redirect
    assert not list(GAP.check(case(made)))


def test_a_pool_that_is_not_there_is_a_gap() -> None:
    gone = {"backendAddressPool": ref("backendAddressPools", "gone")}
    (said,) = matches(GAP, case(routed(rules=[entry("beta", 10, **gone)])))
    assert said == (
        "Advanced routing map map leads nowhere for header X-Beta is 1: entry beta has no backend pool."
    )
    (found,) = GAP.check(case(routed(rules=[entry("beta", 10, **gone)])))
    assert isinstance(found, Match)
    assert "advancedRoutingMaps" in (found.evidence[0].command or "")
    assert GAP.guide is not None
    steps = GAP.guide.steps(case(routed(rules=[entry("beta", 10, **gone)])), found)
    assert any("advancedRoutingMaps" in (it.command or "") for it in steps)


def test_an_empty_pool_behind_a_condition_is_a_fault() -> None:
    made = routed()
    made["properties"]["backendAddressPools"][1]["properties"]["backendAddresses"] = []
    (found,) = POOL_EMPTY.check(case(made))
    assert isinstance(found, Match)
    assert "sends some requests to beta" in plainly(found.evidence[0].text)


def test_requests_with_a_condition_are_not_tried() -> None:
    made = case(routed(), answered(APP, public=0), state="healthy")
    (row,) = (plainly(it) for it in client_facts(made) if it.pool == "beta")
    assert (row.server, row.word, row.served) == (SERVERS["beta"], "not_tried", None)
    assert row.site == f"{HOST} (header X-Beta is 1)"
    assert row.because == "not tried: only requests go there where header X-Beta is 1"
    assert "what clients of" in who_suffers(client_facts(made))
    (listener,) = made.gateway.listeners
    any_host = replace(made.gateway, listeners=(replace(listener, hosts=()),))
    assert [(it.host, it.source) for it in conditional_ways(any_host)] == [("*", "unknown")]
