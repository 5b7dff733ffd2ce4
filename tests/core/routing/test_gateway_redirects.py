"""The gateway's own redirects, followed by one step."""

from typing import Any

import pytest

from bot.core.arm.gateway_reader import read_gateway
from bot.core.model.gateway import Gateway, Redirect
from bot.core.routing.gateway_redirects import redirected_on
from bot.core.routing.serving_route import Site
from tests.core.make import HOST, document, item, ref, rule

BACK: Any = {"targetListener": ref("httpListeners", "site"), "includePath": True}
AT_80: Any = {"frontendPort": ref("frontendPorts", "p80")}
AT_443: Any = {"frontendPort": ref("frontendPorts", "p443")}
ASKED = Site(HOST, "/home", "http", 80)


def gateway(redirect: Any = BACK, plain: Any = None, **changes: Any) -> Gateway:
    """HTTPS leads to the pool, and plain HTTP to a redirect."""
    ports = [item("frontendPorts", f"p{it}", port=it) for it in (80, 443)]
    secure = {"protocol": "Https", "hostName": HOST, **AT_443}
    open_ = {"protocol": "Http", "hostName": HOST, **AT_80}
    other = {"httpListener": ref("httpListeners", "plain"), "backendAddressPool": None}
    ends = {
        "backendHttpSettings": None,
        "redirectConfiguration": ref("redirectConfigurations", "r"),
    }
    top: Any = {
        "frontendPorts": ports,
        "httpListeners": [
            item("httpListeners", "site", **secure),
            item("httpListeners", "plain", **open_),
        ],
        "requestRoutingRules": [rule(), rule("plain", **(other | ends | (plain or {})))],
        "redirectConfigurations": [item("redirectConfigurations", "r", **redirect)],
    }
    return read_gateway(document(**(top | changes)), {})


def onward(made: Gateway, asked: Site = ASKED) -> tuple[str, str, str | None, int | None] | None:
    found = redirected_on(made, made.listeners[0], asked)
    return (found.host, found.path, found.scheme, found.port) if found else None


def test_it_is_read() -> None:
    (found,) = gateway().redirects
    assert isinstance(found, Redirect)
    assert (found.listener, found.url, found.keeps_path) == (gateway().listeners[0].id, None, True)


def test_a_listener_of_plain_http_sends_clients_to_another_listener() -> None:
    assert onward(gateway()) == (HOST, "/home", "https", 443)
    assert onward(gateway(BACK | {"includePath": False})) == (HOST, "/", "https", 443)


def test_a_listener_that_does_not_take_the_host_is_asked_for_a_name_of_its_own() -> None:
    names = [item("httpListeners", "site", protocol="Https", hostNames=["B.example"], **AT_443)]
    plain = [item("httpListeners", "plain", **AT_80)]
    made = gateway(httpListeners=names + plain)
    assert onward(made) == ("b.example", "/home", "https", 443)
    basic = [item("httpListeners", "site", protocol="Https", **AT_443)]
    assert onward(gateway(httpListeners=basic + plain)) == (HOST, "/home", "https", 443)


@pytest.mark.parametrize(
    ("url", "keeps", "page"),
    [
        (f"https://{HOST}", True, (HOST, "/home", "https", 443)),
        (f"https://{HOST}/", True, (HOST, "/home", "https", 443)),
        (f"http://{HOST}:81/x", False, (HOST, "/x", "http", 81)),
        (f"https://{HOST}", False, (HOST, "/", "https", 443)),
        (f"https://{HOST}/a", True, (HOST, "/a/home", "https", 443)),
        (None, True, None),
        ("https:///home", True, None),
        ("ftp://x/", True, None),
        ("https://x:port/", True, None),
        ("https://[", True, None),
    ],
)
def test_a_url_is_where_it_says(url: str | None, keeps: bool, page: Any) -> None:
    assert onward(gateway({"targetUrl": url, "includePath": keeps})) == page


def test_where_no_redirect_is_met_or_it_leads_nowhere_nothing_is_said() -> None:
    assert onward(gateway(), Site("other.example", "/home", "http", 80)) is None
    assert onward(gateway(), Site(HOST, "/home", "http", 8080)) is None
    assert onward(gateway(), Site(HOST, "/home", "https", 443)) is None
    assert onward(gateway(redirectConfigurations=[])) is None
    assert onward(gateway({"targetListener": ref("httpListeners", "gone")})) is None


def test_the_path_map_decides_which_redirect_it_is() -> None:
    maps = item(
        "urlPathMaps",
        "m",
        defaultBackendAddressPool=ref("backendAddressPools", "pool"),
        defaultBackendHttpSettings=ref("backendHttpSettingsCollection", "https"),
        pathRules=[
            {
                "name": "home",
                "properties": {
                    "paths": ["/home"],
                    "redirectConfiguration": ref("redirectConfigurations", "r"),
                },
            }
        ],
    )
    plain = {"redirectConfiguration": None, "urlPathMap": ref("urlPathMaps", "m")}
    made = gateway(plain=plain, urlPathMaps=[maps])
    assert onward(made) == (HOST, "/home", "https", 443)
    assert onward(made, Site(HOST, "/x", "http", 80)) is None
