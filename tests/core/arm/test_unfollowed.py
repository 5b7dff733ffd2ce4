"""Nobody is accused of what could not be read: such a way counts as not followed, and is told."""

from typing import Any

import pytest

from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.diagnosis import diagnose
from bot.core.routing.routes import backends
from bot.core.routing.rule_order import rules_in_order, rules_matching_host
from bot.core.rules import RULES
from tests.core.make import APP, HOST, ID, answered, case, document, item, probe, ref, settings
from tests.core.plainly import plainly

POOL = ref("backendAddressPools", "pool")
HTTPS = ref("backendHttpSettingsCollection", "https")


def rule(**properties: Any) -> Any:
    both = {"backendAddressPool": POOL, "backendHttpSettings": HTTPS}
    listener = {"httpListener": ref("httpListeners", "site")}
    return item("requestRoutingRules", "rule", **listener | both | properties)


def mapped(*path_rules: Any, **properties: Any) -> dict[str, Any]:
    """A document whose one rule leads to a path map."""
    both = {"defaultBackendAddressPool": POOL, "defaultBackendHttpSettings": HTTPS}
    path_map = item("urlPathMaps", "map", **both | {"pathRules": list(path_rules)} | properties)
    to_map = rule(
        urlPathMap=ref("urlPathMaps", "map"), backendAddressPool=None, backendHttpSettings=None
    )
    return document(urlPathMaps=[path_map], requestRoutingRules=[to_map])


def entry(**properties: Any) -> Any:
    both = {"backendAddressPool": POOL, "backendHttpSettings": HTTPS}
    return {"name": "api", "properties": {"paths": ["/api/*"]} | both | properties}


def listener(**properties: Any) -> Any:
    return item("httpListeners", "site", **{"hostName": HOST, "protocol": "Https"} | properties)


def accused(made: Any) -> set[str]:
    """Which rules say something of a part that is not there."""
    found = diagnose(case(made), RULES).findings
    return {it.rule for it in found} & {"rule_without_backend", "path_map_gap", "pool_empty"}


ODD: list[tuple[dict[str, Any], str]] = [
    (
        document(backendHttpSettingsCollection=[settings(port={})]),
        "rule rule (HTTP settings https cannot be read whole)",
    ),
    (
        document(backendHttpSettingsCollection=[{**settings(), "properties": "text"}]),
        "rule rule (HTTP settings https cannot be read whole)",
    ),
    (
        document(backendHttpSettingsCollection=[7]),
        "rule rule (which cannot be read whole)",
    ),
    (
        document(backendHttpSettingsCollection="text"),
        "rule rule (which cannot be read whole)",
    ),
    (document(backendAddressPools={}), "rule rule (which cannot be read whole)"),
    (
        document(probes=[probe(host=7)]),
        "rule rule (probe probe cannot be read whole)",
    ),
    (
        document(httpListeners=[listener(hostNames=7)]),
        "rule rule (its listener cannot be read whole)",
    ),
    (document(httpListeners=[7]), "rule rule (which cannot be read whole)"),
    (
        document(requestRoutingRules=[rule(backendHttpSettings=7)]),
        "rule rule (which cannot be read whole)",
    ),
    (
        document(requestRoutingRules=[rule(priority="first")]),
        "rule rule (which cannot be read whole)",
    ),
    (
        mapped(entry(backendHttpSettings=[])),
        "path map map (which cannot be read whole)",
    ),
    (mapped("text"), "path map map (which cannot be read whole)"),
    (mapped(pathRules="text"), "path map map (which cannot be read whole)"),
    (mapped(defaultBackendAddressPool=7), "path map map (which cannot be read whole)"),
    (
        {**(made := mapped()), "properties": {**made["properties"], "urlPathMaps": [7]}},
        "rule rule (which cannot be read whole)",
    ),
]


@pytest.mark.parametrize(("made", "unfollowed"), ODD, ids=[str(it) for it in range(len(ODD))])
def test_what_cannot_be_read_is_told_and_nobody_is_accused(
    made: dict[str, Any], unfollowed: str
) -> None:
    gateway = read_gateway(made, {})
    assert plainly(gateway.unfollowed) == (unfollowed,)
    assert len(gateway.notes) == 1
    assert gateway.notes[0].startswith("Not read: ")
    assert accused(made) == set()
    well = case(made, answered(APP), state="healthy")
    assert diagnose(well, RULES).verdict == "undecided"


def test_the_other_ways_of_a_map_are_followed() -> None:
    (backend,) = backends(read_gateway(mapped(entry(), entry(paths=7)), {}))
    assert [it.paths for it in backend.routes] == [("/api/*",), ("/*",)]


def test_an_unread_listener_takes_no_request() -> None:
    made = document(
        tier="WAF_v2",
        httpListeners=[listener(hostNames={}, hostName=None)],
        requestRoutingRules=[rule(priority="10")],
    )
    gateway = read_gateway(made, {})
    assert gateway.rules[0].priority == 10
    assert rules_matching_host(gateway, HOST) == ()
    assert rules_in_order(gateway) == ()


def test_a_rule_with_a_pool_and_a_policy_leads_somewhere() -> None:
    """As in Microsoft's own ApplicationGatewayGet.json, where the pool beside the policy is empty."""
    made = document(
        tier="WAF_v2",
        backendAddressPools=[item("backendAddressPools", "pool", backendAddresses=[])],
        requestRoutingRules=[
            rule(priority=10, loadDistributionPolicy=ref("loadDistributionPolicies", "ldp"))
        ],
    )
    assert accused(made) == set()
    assert plainly(read_gateway(made, {}).unfollowed) == (
        "rule rule (its load distribution policy is not there)",
    )


def test_nor_does_a_path_with_both() -> None:
    made = mapped(entry(loadDistributionPolicy=ref("loadDistributionPolicies", "ldp")))
    empty = item("backendAddressPools", "pool", backendAddresses=[])
    made["properties"]["backendAddressPools"] = [empty]
    made["properties"]["urlPathMaps"][0]["properties"]["defaultLoadDistributionPolicy"] = ref(
        "loadDistributionPolicies", "ldp"
    )
    assert accused(made) == set()


def test_beside_a_policy_the_members_of_the_pool_are_probed() -> None:
    with_policy = rule(loadDistributionPolicy=ref("loadDistributionPolicies", "ldp"))
    made = document(requestRoutingRules=[with_policy])
    (backend,) = case(made, answered()).backends
    (route,) = backend.routes
    assert (route.policy, route.spread) == (f"{ID}/loadDistributionPolicies/ldp".lower(), ())


def policy(*pools: Any, **properties: Any) -> Any:
    targets = [
        {"name": f"t{number}", "properties": {"backendAddressPool": it}}
        for number, it in enumerate(pools)
    ]
    return item(
        "loadDistributionPolicies", "ldp", **({"loadDistributionTargets": targets} | properties)
    )


GONE = ref("backendAddressPools", "gone")
LDP = ref("loadDistributionPolicies", "ldp")


@pytest.mark.parametrize(
    ("policies", "because"),
    [
        ([policy(POOL)], None),
        ([policy()], "load distribution policy ldp leads to a pool that is not there"),
        ([policy(POOL, GONE)], "load distribution policy ldp leads to a pool that is not there"),
        ([policy(POOL, None)], "load distribution policy ldp leads to a pool that is not there"),
        ([policy(POOL, 7)], "load distribution policy ldp cannot be read whole"),
        ([7], "which cannot be read whole"),
        ([], "its load distribution policy is not there"),
    ],
)
def test_a_policy_is_followed_or_named(policies: list[Any], because: str | None) -> None:
    for made, what in (
        (
            document(
                loadDistributionPolicies=policies,
                requestRoutingRules=[rule(backendAddressPool=None, loadDistributionPolicy=LDP)],
            ),
            "rule rule",
        ),
        (
            {**(base := mapped(entry(backendAddressPool=None, loadDistributionPolicy=LDP)))}
            | {"properties": base["properties"] | {"loadDistributionPolicies": policies}},
            "path map map",
        ),
    ):
        named = () if because is None else (f"{what} ({because})",)
        assert plainly(read_gateway(made, {}).unfollowed) == named
        verdict = diagnose(case(made, answered(APP), state="healthy"), RULES).verdict
        assert verdict == ("healthy" if because is None else "undecided")
        assert accused(made) == set()


def test_a_pool_among_those_that_could_not_be_read_may_be_one_of_a_policy() -> None:
    pools = [item("backendAddressPools", "pool"), 7]
    made = document(
        backendAddressPools=pools,
        loadDistributionPolicies=[policy(POOL, GONE)],
        requestRoutingRules=[rule(loadDistributionPolicy=LDP)],
    )
    assert plainly(read_gateway(made, {}).unfollowed) == (
        "rule rule (load distribution policy ldp cannot be read whole)",
    )
