"""The health probe is well, and clients are not: what only their requests meet.

Rebuilt from public reports: hashicorp/terraform-provider-azurerm 1875, aztfmod/terraform-azurerm-caf 1058,
Azure/application-gateway-kubernetes-ingress 1159 and 1268.
"""

from collections.abc import Mapping
from typing import Any

from bot.lab.azure.build import Site, http_settings, probe
from bot.lab.backends import Answer, BackendSpec, Chain, Refusing, Route
from bot.lab.pki import EXPIRED, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    LISTENER,
    OTHER_HOST,
    OTHER_IP,
    PRIVATE_SITE,
    PUBLIC_SITE,
    V1,
    any_host,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_APP = "app.contoso.net"
_PROBED = leaf(OTHER_HOST, issuer=PUBLIC_ISSUING)
_OWN = leaf(_APP, issuer=PUBLIC_ISSUING)
_LATE = leaf(HOST, issuer=PUBLIC_ISSUING, validity=EXPIRED)
_NEWS = Answer(200, b"The news.\n")
_GONE = Answer(404, b"No such page.\n")


def _elsewhere(name: str, tier: str = "Standard_v2", **more: Any) -> Json:
    """Plain HTTP; the probe asks `/health` of the server's own name, which clients never send."""
    return one_site(name, tier, secure=False, asks=_APP, checks={"path": "/health"}, **more)


def _probed_as_other(name: str, settings: Mapping[str, Any] = {}) -> Json:
    """HTTPS; the probe asks for another site than clients do."""
    return one_site(name, asks=OTHER_HOST, settings=settings)


def _two_certificates(for_clients: Chain, **more: Any) -> BackendSpec:
    """A server with a good certificate for the probe's site, and this one for the clients'."""
    certificates = {OTHER_HOST: _PROBED.path[:2], HOST: for_clients}
    return web_server(certificates=certificates, knows=(HOST, OTHER_HOST), **more)


def _redirecting(location: str) -> BackendSpec:
    return any_host(answer=Answer(301, b"", (("Location", location),)))


def _hidden(name: str, wide: str) -> Json:
    """Two sites, the broader one first."""
    return document(
        name,
        pools=[members("web", IP), members("shop", OTHER_IP)],
        settings=[
            http_settings("web", probe="news"),
            http_settings("shop", probe="shop"),
        ],
        probes=[
            probe("news", host=OTHER_HOST, protocol="Http"),
            probe("shop", host=HOST, protocol="Http"),
        ],
        sites=[
            Site("all", wide, "web", "web", LISTENER),
            Site("shop", HOST, "shop", "shop", LISTENER),
        ],
    )


CLIENTS: tuple[Scenario, ...] = (
    scenario_of(
        "clients-host-unknown-everywhere",
        "The probe asks for /health of a host of its own, and clients' host is not known",
        "Every page answers the probe's host, and 404 the clients'.",
        gateway=_elsewhere("clients-host-unknown-everywhere"),
        backends=[web_server(knows=[_APP])],
        cause="live_host_unknown",
        option="set_host_name",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "v1-clients-host-unknown-everywhere",
        "v1: the probe asks for /health of a host of its own, and clients' host is not known",
        "Every page answers the probe's host, and 404 the clients'.",
        gateway=_elsewhere("v1-clients-host-unknown-everywhere", V1),
        backends=[web_server(knows=[_APP])],
        cause="live_host_unknown",
        option="set_host_name",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "clients-path-override",
        "The HTTP settings send clients to a path that is gone",
        "The path override is left over from an older release; the probe has a path of its own.",
        gateway=one_site(
            "clients-path-override",
            secure=False,
            settings={"path": "/old/"},
            checks={"path": "/health"},
        ),
        backends=[web_server(routes=(Route(HOST, "/old", _GONE), Route(HOST)))],
        cause="path_override_unknown",
        option="clear_path_override",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "clients-sni-private-ca",
        "The certificate for the clients' site comes from a CA that the gateway does not trust",
        "The probe asks for another site, whose certificate is from a public CA.",
        gateway=_probed_as_other("clients-sni-private-ca"),
        backends=[_two_certificates(PRIVATE_SITE.path)],
        cause="root_not_trusted",
        option="wildcard_certificate",
        hidden=True,
    ),
    scenario_of(
        "clients-sni-expired",
        "The certificate for the clients' site has expired",
        "The probe asks for another site, whose certificate is valid.",
        gateway=_probed_as_other("clients-sni-expired"),
        backends=[_two_certificates(_LATE.path[:2])],
        cause="certificate_not_in_date",
        option="renew_certificate",
        hidden=True,
    ),
    scenario_of(
        "clients-sni-without-intermediate",
        "The certificate for the clients' site comes without its intermediate",
        "The probe asks for another site, whose chain is complete.",
        gateway=_probed_as_other("clients-sni-without-intermediate"),
        backends=[_two_certificates((PUBLIC_SITE,))],
        cause="intermediate_missing",
        option="complete_chain",
        hidden=True,
    ),
    scenario_of(
        "clients-port-refused",
        "Nothing listens on the port of the HTTP settings",
        "The probe has a port of its own, and does not notice.",
        gateway=one_site("clients-port-refused", settings={"port": 8443}, checks={"port": 443}),
        backends=[
            web_server(PUBLIC_SITE.path[:2]),
            web_server(port=8443, behaviour=Refusing()),
        ],
        cause="port_refused",
        option="correct_port",
        hidden=True,
    ),
    scenario_of(
        "clients-port-speaks-http",
        "The port of the HTTP settings speaks plain HTTP",
        "The probe has a port of its own, where the server speaks TLS.",
        gateway=one_site("clients-port-speaks-http", settings={"port": 8443}, checks={"port": 443}),
        backends=[web_server(PUBLIC_SITE.path[:2]), any_host(port=8443)],
        cause="not_tls_on_https_port",
        option="correct_port",
        hidden=True,
    ),
    scenario_of(
        "clients-basic-listener-wrong-host",
        "A basic listener, and the HTTP settings send a host name that the server does not know",
        "The probe has a host of its own; whatever clients ask for, the server gets the wrong name.",
        gateway=_elsewhere(
            "clients-basic-listener-wrong-host",
            host="",
            settings={"hostName": "app.contoso.ner"},
        ),
        backends=[web_server(knows=[_APP])],
        cause="live_host_unknown",
        option="set_host_name",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "clients-sni-refused-unvalidated",
        "The server refuses TLS for the clients' host name, and its validation is switched off",
        "Switching the validation off does not make the server accept the name.",
        gateway=_probed_as_other("clients-sni-refused-unvalidated", {"validateSNI": False}),
        backends=[
            web_server(
                certificates={OTHER_HOST: _PROBED.path[:2]},
                refuses_unknown_sni=True,
                knows=(HOST, OTHER_HOST),
            )
        ],
        cause="sni_refused",
        notes=["validation_switched_off"],
        option="set_sni_name",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "clients-site-behind-wildcard",
        "A wildcard listener comes first, and its server does not know the shop",
        "Requests for shop.contoso.com never reach the shop's own rule.",
        gateway=_hidden("clients-site-behind-wildcard", f"*.{DOMAIN}"),
        backends=[web_server(knows=[OTHER_HOST], answer=_NEWS), web_server(address=OTHER_IP)],
        cause="site_hidden",
        notes=["rule_order"],
        option="reorder_rules",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "clients-site-behind-basic",
        "A basic listener comes first, and its server does not know the shop",
        "It takes the requests of every site after it.",
        gateway=_hidden("clients-site-behind-basic", ""),
        backends=[web_server(knows=[OTHER_HOST], answer=_NEWS), web_server(address=OTHER_IP)],
        cause="site_hidden",
        notes=["rule_order"],
        option="reorder_rules",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "clients-redirected-past",
        "The application serves HTTPS only, and redirects clients to its own address",
        "The HTTP settings speak plain HTTP and send the application's own name.",
        gateway=one_site(
            "clients-redirected-past", secure=False, asks=_APP, settings={"hostName": _APP}
        ),
        backends=[_redirecting(f"https://{_APP}/"), web_server(_OWN.path[:2], knows=[_APP])],
        cause="redirect_leaves_gateway",
        option="correct_port",
        hidden=True,
    ),
    scenario_of(
        "clients-redirected-in-a-circle",
        "The application serves HTTPS only, and redirects clients to where they already are",
        "The HTTP settings speak plain HTTP, so the application takes every request for an unsafe one.",
        gateway=one_site("clients-redirected-in-a-circle", secure=False),
        backends=[_redirecting(f"https://{HOST}/"), web_server(PUBLIC_SITE.path[:2])],
        cause="redirect_leaves_gateway",
        option="correct_port",
        hidden=True,
    ),
    scenario_of(
        "clients-server-error",
        "The application fails clients, and answers the health page",
        "Its database is away, which the health page does not need.",
        gateway=one_site("clients-server-error", secure=False, checks={"path": "/health"}),
        backends=[
            web_server(
                routes=(Route(HOST, "/health"), Route(HOST, answer=Answer(503, b"No database.\n")))
            )
        ],
        cause="client_request_failing",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "healthy-without-start-page",
        "Healthy: an API that has no page at /",
        "The probe's page is well, and whether clients ask for others is not known.",
        gateway=one_site("healthy-without-start-page", secure=False, checks={"path": "/health"}),
        backends=[web_server(routes=(Route(HOST, "/health"), Route(HOST, "/", _GONE)))],
    ),
    scenario_of(
        "healthy-sign-in-elsewhere",
        "Healthy: clients are sent to a sign-in page of somebody else",
        "A redirect to another host is what the application means.",
        gateway=one_site("healthy-sign-in-elsewhere", secure=False),
        backends=[_redirecting("https://login.example.org/authorize?client=shop")],
    ),
    scenario_of(
        "healthy-path-override",
        "Healthy: the HTTP settings send clients to a folder of the server",
        "The path override leads to a page that is there.",
        gateway=one_site(
            "healthy-path-override",
            secure=False,
            settings={"path": "/shop/"},
            checks={"path": "/shop/health"},
        ),
        backends=[web_server(routes=(Route(HOST, "/shop/"),))],
    ),
)
