"""Which way requests take through the lab's gateway: the rules of Microsoft's pages, one by one."""

from typing import Any

import pytest

from bot.lab.azure.build import (
    PathTo,
    Site,
    http_settings,
    load_distribution,
    part,
    pool,
)
from bot.lab.azure.clients import client_requests
from bot.lab.azure.document import part_by_id
from bot.lab.azure.forwarding import overridden
from bot.lab.azure.frontend import RequestRoute, entries, path_fits, route_of, takes
from bot.lab.azure.targets import routed_pairs
from bot.lab.values import Json
from tests.lab.azure.world import APP, HOST, IP, v1_gateway, v2_gateway

OTHER = "other.example.com"
WILD = "*.example.com"


def gateway(*sites: Site, v1: bool = False, **more: Any) -> Json:
    """One whose sites lead to pools of their own names."""
    build = v1_gateway if v1 else v2_gateway
    used = [it.pool for it in sites] + [it.pool for site in sites for it in site.paths]
    used += ["blue", "green"] if "loadDistributionPolicies" in more else []
    pools = dict.fromkeys(filter(None, used))
    return build(
        pools=[pool(name, ips=[IP]) for name in pools],
        settings=[http_settings("http")],
        probes=[],
        sites=sites,
        **({"authentication_certificates": []} if v1 else {"trusted_roots": []}),
        **more,
    )


def site(name: str, host: str, *paths: tuple[str, str], **more: Any) -> Site:
    """A site with a pool of its own name; `paths` are patterns with the pool that they lead to."""
    return Site(
        name, host, name, "http", paths=tuple(PathTo(it, to, "http") for it, to in paths), **more
    )


def test_requests_of_unnamed_hosts_are_made_though_their_listener_is_disabled() -> None:
    """Its certificate cannot be fetched, so it takes none of them: that is what clients get."""
    document = gateway(site("basic", "", certificate=APP))
    asked = {it.host for it in client_requests(document, [OTHER])}
    for it in document["properties"]["sslCertificates"]:
        it["properties"] = {"keyVaultSecretId": "https://vault.example/secrets/site"}
    assert asked == {it.host for it in client_requests(document, [OTHER])} == {OTHER}
    assert taken(document, OTHER, port=443) is None
    document["identity"] = {"type": "UserAssigned"}
    assert taken(document, OTHER, port=443) is not None


def taken(document: Json, host: str, path: str = "/", port: int = 80) -> RequestRoute | None:
    (entry,) = (it for it in entries(document) if it.port == port)
    return route_of(document, entry, host, path)


def pool_for(document: Json, host: str, path: str = "/", port: int = 80) -> str | None:
    found = taken(document, host, path, port)
    return found.pool.rpartition("/")[2] if found and found.pool else None


def with_priorities(document: Json, *priorities: int | None) -> Json:
    rules = document["properties"]["requestRoutingRules"]
    for rule, priority in zip(rules, priorities, strict=True):
        rule["properties"]["priority"] = priority
    return document


def test_a_request_is_taken_by_the_listener_of_its_host() -> None:
    document = gateway(site("one", HOST), site("two", OTHER))
    assert pool_for(document, HOST) == "one"
    assert pool_for(document, OTHER.upper()) == "two"
    assert taken(document, "nobody.example.com") is None


def test_a_listener_of_another_port_takes_nothing() -> None:
    document = gateway(site("one", HOST), site("secure", OTHER, certificate=APP))
    assert [(it.port, it.scheme) for it in entries(document)] == [(80, "http"), (443, "https")]
    assert pool_for(document, OTHER, port=443) == "secure"
    assert taken(document, HOST, port=443) is None
    assert taken(document, OTHER) is None


def test_v2_goes_by_priority_even_where_a_pattern_so_hides_a_name() -> None:
    document = gateway(site("exact", HOST), site("wild", WILD), site("basic", ""))
    assert pool_for(with_priorities(document, 10, 20, 30), HOST) == "exact"
    assert pool_for(with_priorities(document, 30, 20, 40), HOST) == "wild"
    assert pool_for(with_priorities(document, 30, 20, 10), HOST) == "basic"


def test_a_v2_gateway_without_priorities_takes_the_narrower_listener_first() -> None:
    document = gateway(site("basic", ""), site("wild", WILD), site("exact", HOST))
    with_priorities(document, None, None, None)
    assert pool_for(document, HOST) == "exact"
    assert pool_for(document, OTHER) == "wild"
    assert pool_for(document, "elsewhere.test") == "basic"


def test_v1_goes_by_the_order_of_its_rules() -> None:
    first = gateway(site("exact", HOST), site("basic", ""), v1=True)
    assert (pool_for(first, HOST), pool_for(first, OTHER)) == ("exact", "basic")
    assert pool_for(gateway(site("basic", ""), site("exact", HOST), v1=True), HOST) == "basic"
    # A priority is not a property of v1.
    assert pool_for(with_priorities(first, 20, 10), HOST) == "exact"


@pytest.mark.parametrize(
    ("name", "host", "fits"),
    [
        (WILD, "b2b.example.com", True),
        (WILD, "customer1.b2b.example.com", True),
        (WILD, "example.com", False),
        (WILD, "b2b.example.com.org", False),
        ("w??.example.com", "www.example.com", True),
        ("w??.example.com", "ww.example.com", False),
        ("www.example.com", "wwwxexample.com", False),
    ],
)
def test_patterns_of_hosts(name: str, host: str, fits: bool) -> None:
    assert takes({"hostNames": [name]}, host) is fits


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/images/*", "/images/a/b.jpg", True),
        ("/images/*", "/Images/a.jpg", True),
        ("/images/*", "/images/", True),
        ("/images/*", "/images", False),
        ("/images*", "/images-of-cats", True),
        ("/images", "/images?size=1", True),
        ("/images", "/images/", False),
    ],
)
def test_patterns_of_paths(pattern: str, path: str, fits: bool) -> None:
    assert path_fits(pattern, path) is fits


def test_the_first_path_that_fits_is_taken_and_else_the_default() -> None:
    document = gateway(site("one", HOST, ("/api/*", "api"), ("/api/v2/*", "late"), ("/x", "x")))
    assert pool_for(document, HOST, "/api/v2/users") == "api"
    assert pool_for(document, HOST, "/x") == "x"
    assert pool_for(document, HOST, "/y") == "one"
    found = taken(document, HOST, "/api/v2/users")
    assert found
    assert (found.listener, found.rule, found.matched) == ("one-listener", "one-rule", "/api/*")


def test_a_path_rule_may_redirect_or_rewrite() -> None:
    document = gateway(site("one", HOST, ("/old/*", "one")))
    rule = document["properties"]["urlPathMaps"][0]["properties"]["pathRules"][0]["properties"]
    for name in ("backendAddressPool", "backendHttpSettings"):
        del rule[name]
    rule |= {"redirectConfiguration": {"id": "/away"}, "rewriteRuleSet": {"id": "/set"}}
    found = taken(document, HOST, "/old/page")
    assert found == RequestRoute("one-listener", "one-rule", "/old/*", None, None, "/away", "/set")


@pytest.mark.parametrize(
    ("path", "matched", "sent"),
    [
        ("/home/", None, "/override/home/"),
        ("/a/b/", None, "/override/a/b/"),
        ("/pathrule/home/", "/pathrule*", "/override/home/"),
        ("/pathrule/a/b/", "/pathrule*", "/override/a/b/"),
        ("/pathrule/home/", "/pathrule/home*", "/override/"),
        ("/pathrule/home/b/", "/pathrule/home*", "/override/b/"),
        ("/pathrule/", "/pathrule/", "/override/"),
        ("/", None, "/override/"),
    ],
)
def test_the_path_override_of_the_settings(path: str, matched: str | None, sent: str) -> None:
    """The table of configuration-http-settings, but for its rows in which the rule does not fit the request."""
    assert overridden(path, "/override/", matched) == sent
    assert overridden(path, None, matched) == path


def test_what_clients_ask_for() -> None:
    document = gateway(
        site("wild", WILD, ("/w/*", "wild")), site("one", HOST, ("/api/*", "one"), ("/x", "one"))
    )
    found = [
        (it.host, it.path) for it in client_requests(document, [OTHER, "elsewhere.test"], ["/p"])
    ]
    assert found == [
        # Also for what a pattern hides: whoever waits for it is not answered.
        *((HOST, path) for path in ("/", "/p", "/w/", "/api/", "/x")),
        *((OTHER, path) for path in ("/", "/p", "/w/")),
    ]


def test_a_reference_to_nothing_leads_nowhere() -> None:
    document = gateway(site("one", HOST))
    rule = document["properties"]["requestRoutingRules"][0]["properties"]
    rule["httpListener"] = {"id": "/gone"}
    assert part_by_id(document, rule["httpListener"]) is None
    assert taken(document, HOST) is None
    assert part("x")["properties"] == {}


def spread(*sites: Site) -> Json:
    return gateway(
        *sites,
        loadDistributionPolicies=[load_distribution("canary", blue=9, green=1)],
    )


def test_a_policy_leads_to_all_of_its_pools() -> None:
    paths = (PathTo("/api/*", "", "http", policy="canary"),)
    sites = [
        Site("blue", HOST, "", "http", policy="canary"),
        Site("green", OTHER, "green", "http", paths=paths),
        Site("own", "own.example.com", "blue", "http"),
    ]
    document = spread(*sites)

    def pools(host: str, path: str = "/") -> list[str]:
        found = taken(document, host, path)
        assert found is not None
        return [it.rpartition("/")[2] for it in (found.pool, *found.more_pools) if it]

    assert pools(HOST) == ["blue", "green"]
    assert pools(OTHER) == ["green"]
    assert pools(OTHER, "/api/x") == ["blue", "green"]
    assert pools("own.example.com") == ["blue"]
    names = [(p.rpartition("/")[2], s.rpartition("/")[2]) for p, s in routed_pairs(document)]
    assert sorted(names) == [("blue", "http"), ("green", "http")]


def test_a_policy_without_pools_leads_nowhere() -> None:
    site = Site("own", HOST, "", "http", policy="none")
    document = gateway(site, loadDistributionPolicies=[load_distribution("none")])
    assert pool_for(document, HOST) is None
    assert routed_pairs(document) == []


def test_an_advanced_rule_takes_what_meets_all_of_its_conditions_by_priority() -> None:
    def leads(name: str, priority: int) -> Json:
        ends = {"backendAddressPool": {"id": f"backendAddressPools/{name}"}}
        wanted = {"advancedRoutingConditionSet": {"id": f"advancedRoutingConditionSets/{name}"}}
        return part(name, priority=priority, **ends, **wanted)

    conditions = {
        "blue": [{"conditionType": "Header", "propertyName": "X", "propertyValues": ["1"]}],
        "green": [
            {"conditionType": "Path", "propertyValues": ["/api/*"]},
            {"conditionType": "Method", "propertyValues": ["GET"]},
        ],
    }
    document = gateway(
        Site("own", HOST, "own", "http"),
        Site("blue", OTHER, "blue", "http"),
        Site("green", "green.example.com", "green", "http"),
        advancedRoutingConditionSets=[
            part(name, routingConditions=found) for name, found in conditions.items()
        ],
        advancedRoutingMaps=[
            part(
                "map",
                defaultBackendAddressPool={"id": "backendAddressPools/own"},
                advancedRoutingRules=[leads("green", 2), leads("blue", 1)],
            )
        ],
    )
    there = {"advancedRoutingMap": {"id": f"{document['id']}/advancedRoutingMaps/map"}}
    document["properties"]["requestRoutingRules"][0]["properties"].update(there)
    assert pool_for(document, HOST, "/api/x") == "green"
    assert pool_for(document, HOST) == "own"
