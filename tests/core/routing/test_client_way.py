"""Which requests clients make, and by which route each of them is served."""

from typing import Any

import pytest

from bot.core.arm.gateway_reader import read_gateway
from bot.core.remedies.edit_builder import certificate_text
from bot.core.routing.client_way import ClientWay, client_ways, dead_ends, is_reached
from tests.core.clients import by_path, path_map, two_pools
from tests.core.make import (
    HOST,
    certificate,
    certificates,
    document,
    item,
    probe,
    ref,
    rule,
    settings,
)

SHOWN = certificate("*.contoso.com", "*.contoso.com", "shop.contoso.com")


def listener(name: str = "site", *hosts: str, **changes: Any) -> Any:
    properties: Any = {"protocol": "Https", "frontendPort": ref("frontendPorts", "p443")}
    return item("httpListeners", name, **(properties | {"hostNames": list(hosts)} | changes))


def ways(asked: str | None = None, **changes: Any) -> list[ClientWay]:
    return list(client_ways(read_gateway(document(**changes), certificates(SHOWN)), asked))


def told(found: list[ClientWay]) -> list[tuple[str, str]]:
    """Each host, and how it is known."""
    return list(dict.fromkeys((it.host, it.source) for it in found))


def led(found: list[ClientWay]) -> list[tuple[str, str | None, str]]:
    """Each path, the pattern that takes it, and the pool to which it leads."""
    return [(it.path, it.pattern, it.route.pool.name) for it in found]


def fixed(**changes: Any) -> Any:
    return {"backendHttpSettingsCollection": [settings(**changes)]}


def test_a_host_that_the_listener_names_is_asked_for() -> None:
    (way,) = ways()
    assert (way.host, way.source, way.path, way.pattern) == (HOST, "listener", "/", None)
    assert (way.listener.name, way.rule.name, way.route.pool.name) == ("site", "rule", "pool")
    assert (way.hidden, way.site) == (None, HOST)


def test_every_host_of_a_listener_is_asked_for_once() -> None:
    two = [listener("site", "a.example", "b.example", "a.example")]
    assert [it.host for it in ways(httpListeners=two)] == ["a.example", "b.example"]


def test_where_any_name_is_taken_the_probes_is_asked_for() -> None:
    assert told(ways(httpListeners=[listener()])) == [(HOST, "probe")]
    own = [probe(host=None, pickHostNameFromBackendHttpSettings=True)]
    assert told(ways(httpListeners=[listener()], probes=own)) == [("127.0.0.1", "probe")]


def test_a_site_without_a_name_is_called_after_its_listener() -> None:
    (way,) = ways(httpListeners=[listener()], **fixed(hostName="app.internal"))
    assert (way.host, way.source, way.site) == ("*", "any", "site")


def test_the_host_that_somebody_asked_about_comes_before_the_listeners_certificate() -> None:
    shown: Any = {
        "sslCertificates": [
            item("sslCertificates", "cert", publicCertData=certificate_text(SHOWN))
        ],
        "httpListeners": [
            listener("site", "*.contoso.com", sslCertificate=ref("sslCertificates", "cert"))
        ],
    }
    assert told(ways(**shown)) == [("shop.contoso.com", "certificate")]
    assert told(ways("b.contoso.com", **shown)) == [("b.contoso.com", "asked")]
    # A name that does not fit the pattern does not reach the listener.
    assert told(ways("b.fabrikam.com", **shown)) == [("shop.contoso.com", "certificate")]


def test_of_a_pattern_without_a_known_name_no_host_is_made_up() -> None:
    wild = [listener("site", "*.contoso.com")]
    assert told(ways(httpListeners=wild)) == [("*.contoso.com", "unknown")]
    named = fixed(hostName="app.internal")
    assert told(ways(httpListeners=wild, **named)) == [("*.contoso.com", "any")]
    picked = fixed(pickHostNameFromBackendAddress=True)
    assert told(ways(httpListeners=wild, **picked)) == [("*.contoso.com", "any")]


def test_a_name_that_another_listener_takes_is_not_asked_for_at_this_one() -> None:
    """The probe's host fits the basic listener, but requests for it go to the site's."""
    sites: Any = {
        "httpListeners": [listener("basic"), listener("site", HOST)],
        "requestRoutingRules": [
            rule("one", httpListener=ref("httpListeners", "site")),
            rule("two", httpListener=ref("httpListeners", "basic")),
        ],
    }
    found = {it.listener.name: (it.host, it.source) for it in ways(**sites)}
    assert found == {"basic": ("127.0.0.1", "probe"), "site": (HOST, "listener")}


def test_a_site_behind_a_broader_listener_is_served_by_that_one() -> None:
    sites: Any = {
        "httpListeners": [listener("wide", "*.contoso.com"), listener("site", "a.contoso.com")],
        "requestRoutingRules": [
            rule("first", httpListener=ref("httpListeners", "wide")),
            rule("later", httpListener=ref("httpListeners", "site")),
        ],
    }
    (site,) = (it for it in ways(**sites) if it.source == "listener")
    assert (site.listener.name, site.rule.name) == ("wide", "first")
    assert site.hidden
    assert site.hidden.name == "site"


def test_a_pattern_behind_a_basic_listener_is_served_by_that_one() -> None:
    """Whatever name fits it: requests for it never reach the listener of the pattern."""
    sites: Any = {
        "backendHttpSettingsCollection": [settings(hostName="app.internal")],
        "httpListeners": [listener("basic"), listener("wide", "*.contoso.com")],
        "requestRoutingRules": [
            rule("first", httpListener=ref("httpListeners", "basic")),
            rule("later", httpListener=ref("httpListeners", "wide")),
        ],
    }
    found = {it.host: (it.rule.name, it.hidden and it.hidden.name) for it in ways(**sites)}
    assert found["*.contoso.com"] == ("first", "wide")
    sites["requestRoutingRules"].reverse()
    found = {it.host: (it.rule.name, it.hidden) for it in ways(**sites)}
    assert found["*.contoso.com"] == ("later", None)


def test_another_port_hides_nothing() -> None:
    sites: Any = {
        "frontendPorts": [item("frontendPorts", f"p{it}", port=it) for it in (443, 8443)],
        "httpListeners": [
            listener("wide"),
            listener("site", HOST, frontendPort=ref("frontendPorts", "p8443")),
        ],
        "requestRoutingRules": [
            rule("first", httpListener=ref("httpListeners", "wide")),
            rule("later", httpListener=ref("httpListeners", "site")),
        ],
    }
    (site,) = (it for it in ways(**sites) if it.source == "listener")
    assert (site.listener.name, site.hidden) == ("site", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"requestRoutingRules": []},
        {"requestRoutingRules": [rule(backendAddressPool=None)]},
        {"httpListeners": [listener("site", hostNames=7)]},
        {"backendAddressPools": []},
    ],
)
def test_what_leads_to_no_pool_is_no_way(changes: Any) -> None:
    assert ways(**changes) == []


def test_the_probes_path_the_root_and_the_shortest_path_of_each_rule_are_asked_for() -> None:
    found = ways(**by_path("/longer/*", "/api/*"), probes=[probe(path="/health")])
    assert led(found) == [
        ("/health", None, "pool"),
        ("/", None, "pool"),
        ("/api/", "/api/*", "api"),
    ]
    assert [it.site for it in found] == [HOST, HOST, f"{HOST}/api/*"]


def test_a_path_of_the_probe_that_a_rule_takes_is_served_by_that_rule() -> None:
    found = ways(**by_path("/api/*"), probes=[probe(path="/API/health")])
    assert led(found)[0] == ("/API/health", "/api/*", "api")


def test_the_probes_path_is_asked_for_only_where_that_probe_watches_the_route() -> None:
    """The page of the API's probe says nothing of the site's other pages."""
    made = by_path("/api/*")
    made["backendHttpSettingsCollection"] = [settings(), settings("api", probe=None)]
    made["requestRoutingRules"] = [
        rule(
            backendAddressPool=None,
            backendHttpSettings=None,
            urlPathMap=ref("urlPathMaps", "paths"),
        )
    ]
    ends = made["urlPathMaps"][0]["properties"]
    ends["defaultBackendHttpSettings"] = ref("backendHttpSettingsCollection", "api")
    found = ways(**made, probes=[probe(path="/status")])
    assert led(found) == [("/", None, "pool"), ("/api/", "/api/*", "api")]
    inside = ways(**made, probes=[probe(path="/api/status")])
    assert led(inside)[0] == ("/api/status", "/api/*", "api")


def test_a_path_rule_that_redirects_is_no_way() -> None:
    moved = path_map("/old/*")
    ends = moved["properties"]["pathRules"][0]["properties"]
    del ends["backendAddressPool"], ends["backendHttpSettings"]
    ends["redirectConfiguration"] = ref("redirectConfigurations", "away")
    made: Any = {
        "urlPathMaps": [moved],
        "requestRoutingRules": [rule(urlPathMap=ref("urlPathMaps", "paths"))],
    }
    assert led(ways(**two_pools(**made))) == [("/", None, "pool")]


def test_the_part_of_a_rule_that_an_earlier_one_takes_is_not_asked_for_in_its_place() -> None:
    """`/api/v2/` goes to the rule before; the later rule is asked for by a path that reaches it."""
    made = by_path("/api/*")
    pools = made["backendAddressPools"]
    pools.append(item("backendAddressPools", "new", backendAddresses=[{"ipAddress": "10.0.0.9"}]))
    later = path_map("/api/v2/*", "/images/*", "/img/*", pool="new")["properties"]["pathRules"][0]
    made["urlPathMaps"][0]["properties"]["pathRules"].append(later)
    assert led(ways(**made)) == [
        ("/", None, "pool"),
        ("/api/", "/api/*", "api"),
        ("/img/", "/img/*", "new"),
    ]


# Requests that lead nowhere.


def nowhere(**changes: Any) -> list[tuple[str, str, str | None]]:
    """Site, path and rule of what leads nowhere; nothing of it is a way."""
    gateway = read_gateway(document(**changes), certificates(SHOWN))
    found = dead_ends(gateway)
    taken = {(it.host, it.path) for it in client_ways(gateway)}
    assert not taken & {(it.host, it.path) for it in found}
    return [(it.site, it.path, it.rule.name) for it in found]


GONE = ref("backendAddressPools", "gone")


@pytest.mark.parametrize(
    "rules",
    [
        [rule(backendAddressPool=GONE)],
        [rule(backendHttpSettings=None)],
        [rule(backendAddressPool=None, urlPathMap=ref("urlPathMaps", "gone"))],
    ],
)
def test_a_rule_without_pool_or_settings_leads_nowhere(rules: Any) -> None:
    assert nowhere(requestRoutingRules=rules) == [(HOST, "/", "rule")]


@pytest.mark.parametrize(
    "rules",
    [
        [rule()],
        [],
        [rule(backendAddressPool=None, redirectConfiguration=ref("redirects", "away"))],
        [rule(backendAddressPool=None, loadDistributionPolicy=ref("policies", "all"))],
        [rule(backendAddressPool=7)],
    ],
)
def test_a_redirect_a_policy_and_what_could_not_be_read_do_not_lead_nowhere(rules: Any) -> None:
    assert nowhere(requestRoutingRules=rules) == []


def test_a_path_rule_may_lead_nowhere_alone() -> None:
    made = by_path("/api/*")
    made["urlPathMaps"] = [path_map("/api/*", pool="gone")]
    assert nowhere(**made) == [(f"{HOST}/api/*", "/api/", "rule")]


def test_the_default_of_a_path_map_may_lead_nowhere_alone() -> None:
    made = by_path("/api/*")
    made["urlPathMaps"][0]["properties"]["defaultBackendAddressPool"] = GONE
    assert nowhere(**made) == [(HOST, "/", "rule")]


# What clients' requests reach at all.


def reached(made: Any, entry: str | None = None) -> dict[str, bool]:
    """Of each rule, whether requests reach it, by that entry of the path map."""
    gateway = read_gateway(document(**made), certificates(SHOWN))
    entries = [it for path_map in gateway.path_maps for it in path_map.rules if it.name == entry]
    chosen = next(iter(entries), None)
    return {it.name: is_reached(gateway, it, chosen) for it in gateway.rules}


def test_a_rule_behind_a_wider_one_is_not_reached() -> None:
    sites: Any = {
        "httpListeners": [listener("wide", "*.contoso.com"), listener("site", "a.contoso.com")],
        "requestRoutingRules": [
            rule("first", httpListener=ref("httpListeners", "wide")),
            rule("later", httpListener=ref("httpListeners", "site")),
        ],
    }
    assert reached(sites) == {"first": True, "later": False}
    sites["httpListeners"][1]["properties"]["hostNames"] = 7
    assert reached(sites) == {"first": True, "later": True}
    del sites["httpListeners"][1]
    assert reached(sites) == {"first": True, "later": True}


def test_an_entry_behind_a_wider_one_is_not_reached() -> None:
    made = by_path("/api/*")
    later = path_map("/api/v2/*")["properties"]["pathRules"][0] | {"name": "later"}
    made["urlPathMaps"][0]["properties"]["pathRules"].append(later)
    assert (reached(made, "api"), reached(made, "later")) == ({"rule": True}, {"rule": False})
