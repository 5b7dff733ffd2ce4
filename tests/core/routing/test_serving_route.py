"""The route of a URL: its port, the rules in their order; then the path."""

from typing import Any

import pytest

from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.diagnosis import diagnose, starting_with
from bot.core.report.report import to_json
from bot.core.report.reporting import make_report
from bot.core.routing.routes import backends
from bot.core.routing.serving_route import ServedSite, Site, serves, serving_route
from bot.core.rules import RULES
from tests.core.make import ILB, NOW, answered, case, document, item, ref, rule


def gateway() -> Any:
    pools = [
        item("backendAddressPools", name, backendAddresses=[{"ipAddress": address}])
        for name, address in (
            ("exact", "10.0.0.1"),
            ("wild", "10.0.0.2"),
            ("basic", "10.0.0.3"),
            ("api", "10.0.0.4"),
        )
    ]
    listeners = [
        item("httpListeners", "basic", protocol="Https"),
        item("httpListeners", "wild", protocol="Https", hostNames=["*.contoso.com"]),
        item("httpListeners", "exact", protocol="Https", hostName="shop.contoso.com"),
    ]
    path_map = item(
        "urlPathMaps",
        "paths",
        defaultBackendAddressPool=ref("backendAddressPools", "exact"),
        defaultBackendHttpSettings=ref("backendHttpSettingsCollection", "https"),
        pathRules=[
            {
                "name": "api",
                "properties": {
                    "paths": ["/api/*"],
                    "backendAddressPool": ref("backendAddressPools", "api"),
                    "backendHttpSettings": ref("backendHttpSettingsCollection", "https"),
                },
            }
        ],
    )
    rules = [
        item(
            "requestRoutingRules",
            "exact",
            httpListener=ref("httpListeners", "exact"),
            urlPathMap=ref("urlPathMaps", "paths"),
        )
    ]
    rules += [
        rule(
            name,
            httpListener=ref("httpListeners", name),
            backendAddressPool=ref("backendAddressPools", name),
        )
        for name in ("wild", "basic")
    ]
    return document(
        backendAddressPools=pools,
        httpListeners=listeners,
        urlPathMaps=[path_map],
        requestRoutingRules=rules,
    )


@pytest.mark.parametrize(
    ("host", "path", "pool"),
    [
        ("shop.contoso.com", "/", "exact"),
        ("shop.contoso.com", "/API/orders", "api"),
        ("shop.contoso.com", "/apis", "exact"),
        ("other.contoso.com", "/", "wild"),
        ("contoso.com", "/", "basic"),
    ],
)
def test_the_route_of_a_url(host: str, path: str, pool: str) -> None:
    found = serving_route(read_gateway(gateway(), {}), Site(host, path))
    assert found is not None
    assert found.pool.name == pool


def test_a_host_that_no_listener_serves_has_no_route() -> None:
    made = read_gateway(document(), {})
    assert serving_route(made, Site("other.example")) is None
    route = serving_route(made, Site("test.appgwtestase.com"))
    assert route is not None
    assert serves(backends(made)[0], route)


def test_what_concerns_the_site_comes_first() -> None:
    made = case(gateway(), answered(ILB))
    route = serving_route(made.gateway, Site("shop.contoso.com", "/api/x"))
    found = starting_with(diagnose(made, RULES), route)
    first = found.errors[0].match.backend
    assert first is not None
    assert first.pool.name == "api"
    assert sorted(map(str, found.findings)) == sorted(map(str, diagnose(made, RULES).findings))
    assert starting_with(found, None) is found
    assert route is not None
    served = ServedSite(Site("shop.contoso.com", "/api/x"), route)
    report = make_report(made, found, (), RULES, NOW, served)
    assert report.backends[0].pool == "api"
    assert to_json(report)["site"] == {
        "host": "shop.contoso.com",
        "path": "/api/x",
        "listener": "exact",
        "rule": "exact",
        "pool": "api",
        "http_settings": "https",
    }
