"""Which rule serves a URL where several could: order, priority, port, frontend, path, redirect."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.gateway_reader import read_gateway
from bot.core.model.gateway import Gateway
from bot.core.routing.rule_order import rules_in_order, rules_matching_host, shadowed
from bot.core.routing.serving_route import Site, serving_route
from tests.core.make import document, item, ref

SHOP = "shop.contoso.com"
SETTINGS = ref("backendHttpSettingsCollection", "https")


def part(name: str, *hosts: str, port: int = 443, priority: int | None = None, **more: Any) -> Any:
    """One listener and its rule, which leads to a pool of the same name, or as `more` says."""
    listener = item(
        "httpListeners",
        name,
        protocol="Https" if port != 80 else "Http",
        frontendPort=ref("frontendPorts", f"p{port}"),
        hostNames=list(hosts),
        frontendIPConfiguration=ref("frontendIPConfigurations", more.pop("frontend", "public")),
    )
    leads = {
        "backendAddressPool": ref("backendAddressPools", name),
        "backendHttpSettings": SETTINGS,
    }
    made = {"httpListener": ref("httpListeners", name), "priority": priority} | (more or leads)
    return listener, item("requestRoutingRules", name, **made)


def gateway(*parts: Any, tier: str = "Standard_v2", paths: tuple[Any, ...] = ()) -> Gateway:
    pools = [*(rule["name"] for _, rule in parts), "api", "images"]
    made = document(
        tier=tier,
        frontendPorts=[item("frontendPorts", f"p{it}", port=it) for it in (80, 443, 8443)],
        backendAddressPools=[item("backendAddressPools", it, backendAddresses=[]) for it in pools],
        httpListeners=[listener for listener, _ in parts],
        requestRoutingRules=[rule for _, rule in parts],
        urlPathMaps=[
            item(
                "urlPathMaps",
                "paths",
                defaultBackendAddressPool=ref("backendAddressPools", "shop"),
                defaultBackendHttpSettings=SETTINGS,
                pathRules=[{"name": "r", "properties": it} for it in paths],
            )
        ],
    )
    return read_gateway(made, {})


def pool(made: Gateway, host: str = SHOP, path: str = "/", **asked: Any) -> str | None:
    route = serving_route(made, Site(host, path, **asked))
    return route.pool.name if route else None


def to(name: str, *paths: str) -> Any:
    return {
        "paths": list(paths),
        "backendAddressPool": ref("backendAddressPools", name),
        "backendHttpSettings": SETTINGS,
    }


def elsewhere(*paths: str) -> Any:
    return {"paths": list(paths), "redirectConfiguration": ref("redirectConfigurations", "r")}


REDIRECT: Any = {"redirectConfiguration": ref("redirectConfigurations", "r")}
MAPPED: Any = {"urlPathMap": ref("urlPathMaps", "paths")}


@pytest.mark.parametrize(
    ("first", "later", "tier", "wanted"),
    [
        # "The request routing rule with highest priority will be used", a wildcard's too.
        (("wide", "*.contoso.com", 10), ("shop", SHOP, 20), "Standard_v2", "wide"),
        (("shop", SHOP, 20), ("wide", "*.contoso.com", 10), "Standard_v2", "wide"),
        (("wide", "*.contoso.com", 20), ("shop", SHOP, 10), "Standard_v2", "shop"),
        # Without priorities v2 goes by the listener; v1 always by the order.
        (("wide", "*.contoso.com", None), ("shop", SHOP, None), "Standard_v2", "shop"),
        (("wide", "*.contoso.com", None), ("shop", SHOP, None), "Standard", "wide"),
        (("shop", SHOP, None), ("wide", "*.contoso.com", None), "Standard", "shop"),
    ],
)
def test_the_order_of_the_rules_decides(first: Any, later: Any, tier: str, wanted: str) -> None:
    parts = [part(name, host, priority=number) for name, host, number in (first, later)]
    assert pool(gateway(*parts, tier=tier)) == wanted


def test_a_basic_listener_takes_what_comes_after_it_and_without_priorities_is_last() -> None:
    basic, shop = part("basic"), part("shop", SHOP)
    assert pool(gateway(basic, shop, tier="Standard")) == "basic"
    assert pool(gateway(basic, shop)) == "shop"
    assert pool(gateway(part("basic"), part("wide", "*.contoso.com"))) == "wide"


def test_one_listener_may_hold_several_names() -> None:
    made = gateway(part("shop", "other.example", "SHOP.contoso.com", "w?.*.example"))
    assert pool(made) == "shop"
    assert pool(made, "w1.deep.sub.example") == "shop"
    assert pool(made, "w.deep.example") is None


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, "tls"),
        ({"scheme": "https"}, "tls"),
        ({"scheme": "http"}, "plain"),
        ({"scheme": "ftp"}, "tls"),
        ({"scheme": "https", "port": 8443}, "high"),
        ({"port": 80}, "plain"),
        ({"scheme": "https", "port": 444}, None),
    ],
)
def test_the_port_of_the_url_chooses_the_listener(asked: Any, wanted: str | None) -> None:
    parts = (part("high", SHOP, port=8443), part("plain", SHOP, port=80), part("tls", SHOP))
    assert pool(gateway(*parts), **asked) == wanted


def test_where_a_port_was_not_named_another_may_be_meant() -> None:
    redirecting = part("plain", SHOP, port=80, **REDIRECT)
    assert pool(gateway(redirecting, part("tls", SHOP)), scheme="http") == "tls"
    assert pool(gateway(redirecting, part("tls", SHOP)), port=80) is None
    assert pool(gateway(redirecting)) is None
    assert pool(gateway(part("high", SHOP, port=8443)), scheme="https") == "high"


def test_two_frontends_that_lead_to_different_pools_leave_it_open() -> None:
    public, private = part("public", SHOP), part("private", SHOP, frontend="private")
    assert pool(gateway(public, private)) is None
    one: Any = {
        "backendAddressPool": ref("backendAddressPools", "api"),
        "backendHttpSettings": SETTINGS,
    }
    assert pool(gateway(part("a", SHOP, **one), part("b", SHOP, frontend="b", **one))) == "api"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/", "shop"),
        ("/api", "shop"),  # `/api/*` begins with `/api/`.
        ("/api/", "api"),
        ("/API/Orders", "api"),
        ("/api/images/1", "api"),  # The first that fits, not the longest.
        ("/images2/1", "images"),
        ("/exact", "images"),
        ("/exact/more", "shop"),
        ("/a?c", "shop"),
        ("/old/x", None),
    ],
)
def test_the_first_path_that_fits_decides(path: str, wanted: str | None) -> None:
    paths = (
        elsewhere("/old/*"),
        to("api", "/api/*"),
        to("images", "/images*", "/exact", "/api/images/*"),
        to("api", "/old/*"),
    )
    assert pool(gateway(part("shop", SHOP, **MAPPED), paths=paths), path=path) == wanted


def test_a_path_map_without_a_rule_that_fits_leads_nowhere() -> None:
    made = gateway(part("shop", SHOP, urlPathMap=ref("urlPathMaps", "missing")))
    assert pool(made) is None


hosts = st.sampled_from([SHOP, "*.contoso.com", "s*.contoso.com", "????.contoso.com", "a.example"])
listeners = st.lists(
    st.tuples(st.lists(hosts, max_size=2), st.integers(1, 20_000) | st.none()),
    unique_by=lambda it: it[1] or object(),  # Azure wants every priority once.
)


@given(listeners, st.sampled_from(["Standard", "Standard_v2"]))
def test_it_agrees_with_the_rule_that_warns_of_hidden_names(made: Any, tier: str) -> None:
    """Whoever serves a name is not told to be hidden from it by another."""
    parts = [part(f"l{at}", *of, priority=number) for at, (of, number) in enumerate(made)]
    built = gateway(*parts, tier=tier)
    taking = rules_matching_host(built, SHOP)
    route = serving_route(built, Site(SHOP))
    assert (route is None) == (not taking)
    if route is None:
        return
    assert route.rule == taking[0][0]
    order = rules_in_order(built)
    place = next((at for at, it in enumerate(order) if it.rule == route.rule), 0)
    assert not any(SHOP in shadowed(it.listener, route.listener) for it in order[:place])


@given(
    st.text(), st.text(), st.sampled_from([None, "http", "https", "x"]), st.none() | st.integers()
)
def test_no_site_is_too_odd(host: str, path: str, scheme: str | None, port: int | None) -> None:
    route = serving_route(gateway(part("basic")), Site(host, path, scheme, port))
    assert route is None or route.pool.name == "basic"
