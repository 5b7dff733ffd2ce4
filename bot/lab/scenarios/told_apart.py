"""Clients and the health probe told apart: two faults at once, redirects, and pages that only one of them asks for."""

from bot.lab.azure.build import Site, http_settings, probe
from bot.lab.backends import ANY_HOST, Answer, Route
from bot.lab.pki import EXPIRED, authority, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    LISTENER,
    OTHER_HOST,
    OTHER_IP,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)

_OTHER_CA = authority("Fabrikam Issuing CA", issuer=authority("Fabrikam Root CA"))
_APP = "app.contoso.net"
_MEMBER = "web01.corp.contoso.net"
_SENT = f"app.{DOMAIN}"
_NOT_HERE = Answer(404, b"No such page.\n")
_MOVED = Answer(301, b"", (("Location", f"https://{_SENT}/"),))

TOLD_APART: tuple[Scenario, ...] = (
    scenario_of(
        "clients-fail-by-either-sni",
        "Whichever name the gateway sends for clients, the certificate that comes is not accepted",
        "Microsoft's pages disagree on the name; for one the certificate has expired, for the other its CA is private.",
        gateway=one_site("clients-fail-by-either-sni", servers=(_MEMBER,), asks=_APP),
        backends=[
            web_server(
                certificates={
                    _APP: leaf(_APP, issuer=PUBLIC_ISSUING).path[:2],
                    HOST: leaf(HOST, issuer=PUBLIC_ISSUING, validity=EXPIRED).path[:2],
                    _MEMBER: leaf(_MEMBER, issuer=_OTHER_CA).path,
                },
                knows=(HOST, _APP),
            )
        ],
        dns={_MEMBER: [IP]},
        cause="root_not_trusted",
        also=["certificate_not_in_date"],
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "clients-wrong-port-and-host",
        "Clients are sent to a port without the site, with a host that neither port knows",
        "The health probe has a port and a host of its own, and is answered.",
        gateway=one_site(
            "clients-wrong-port-and-host",
            secure=False,
            asks=_APP,
            checks={"port": 8080, "path": "/health"},
        ),
        backends=[web_server(port=8080, knows=[_APP]), web_server(knows=())],
        cause="client_port_differs",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "site-gone-kept-healthy",
        "The only server does not have the site any more, and minServers keeps it in rotation",
        "The health probe and clients ask for the same host, and all of them get 404.",
        gateway=one_site(
            "site-gone-kept-healthy", secure=False, checks={"path": "/health", "minServers": 1}
        ),
        backends=[web_server(knows=(OTHER_HOST,))],
        cause="probe_host_or_path_unknown",
        option="remove_cause",
        notes=["min_servers_hides_failures"],
        hidden=True,
    ),
    scenario_of(
        "redirect-to-a-host-of-the-wildcard-listener",
        "The application redirects to the host that the HTTP settings send, and a wildcard listener takes that host",
        "Clients come back to the gateway, which serves the page over HTTPS.",
        gateway=document(
            "redirect-to-a-host-of-the-wildcard-listener",
            pools=[members("web", IP), members("rest", OTHER_IP)],
            settings=[
                http_settings("web", probe="web", hostName=_SENT),
                http_settings("rest", probe="rest"),
            ],
            probes=[
                probe("web", protocol="Http", host=_SENT, path="/health"),
                probe("rest", protocol="Http", host=OTHER_HOST),
            ],
            sites=[
                Site("shop", HOST, "web", "web"),
                Site("rest", f"*.{DOMAIN}", "rest", "rest", LISTENER),
            ],
        ),
        backends=[
            web_server(routes=(Route(_SENT, "/health"), Route(ANY_HOST, "/", _MOVED))),
            web_server(address=OTHER_IP, knows=(OTHER_HOST, _SENT)),
        ],
    ),
    scenario_of(
        "healthy-management-port",
        "Healthy: the health probe asks a management port, where alone its page is",
        "Clients are sent to the application's port, where they get their pages.",
        gateway=one_site(
            "healthy-management-port",
            secure=False,
            settings={"port": 8080},
            checks={"port": 8081, "path": "/actuator/health"},
        ),
        backends=[
            web_server(port=8081, routes=(Route(ANY_HOST, "/actuator"),)),
            web_server(port=8080, routes=(Route(HOST, "/actuator", _NOT_HERE), Route(HOST))),
        ],
    ),
    scenario_of(
        "healthy-health-page-of-its-own-host",
        "Healthy: the health probe's page is there for the probe's host alone",
        "Clients would get 404 for it, and get every other page.",
        gateway=one_site(
            "healthy-health-page-of-its-own-host",
            secure=False,
            asks=_APP,
            checks={"path": "/health"},
        ),
        backends=[
            web_server(
                routes=(Route(_APP, "/health"), Route(HOST, "/health", _NOT_HERE), Route(HOST))
            )
        ],
    ),
    scenario_of(
        "redirected-back-and-forth",
        "The application redirects to http, and the gateway's own redirect sends clients back to https",
        "It sees plain HTTP and knows nothing of the TLS before the gateway; its health page is well.",
        gateway=document(
            "redirected-back-and-forth",
            pools=[members("web", IP)],
            settings=[http_settings("web", probe="web")],
            probes=[probe("web", protocol="Http", host=HOST, path="/health")],
            sites=[
                Site("shop", HOST, "web", "web", LISTENER),
                Site("plain", HOST, redirect_to="shop"),
            ],
        ),
        backends=[
            web_server(
                routes=(
                    Route(HOST, "/health"),
                    Route(HOST, "/", Answer(302, b"", (("Location", f"http://{HOST}/"),))),
                )
            )
        ],
        cause="redirect_leaves_gateway",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "healthy-basic-beside-wildcard",
        "Healthy: a basic listener takes what is left, and no name is known for which anybody asks there",
        "Its pool is the wildcard listener's, whose server knows the sites of that.",
        gateway=document(
            "healthy-basic-beside-wildcard",
            pools=[members("web", IP), members("rest", OTHER_IP)],
            settings=[http_settings("web", probe="web"), http_settings("rest", probe="rest")],
            probes=[
                probe("web", protocol="Http", host=HOST),
                probe("rest", protocol="Http", host=OTHER_HOST),
            ],
            sites=[
                Site("shop", HOST, "web", "web"),
                Site("wild", f"*.{DOMAIN}", "rest", "rest"),
                Site("any", "", "rest", "rest"),
            ],
        ),
        backends=[web_server(), web_server(address=OTHER_IP, knows=(OTHER_HOST,))],
    ),
    scenario_of(
        "redirected-to-a-failing-page",
        "The start page redirects to a page of the same site, and that fails",
        "The health probe has a page of its own, and is answered.",
        gateway=one_site("redirected-to-a-failing-page", secure=False, checks={"path": "/health"}),
        backends=[
            web_server(
                routes=(
                    Route(HOST, "/health"),
                    Route(HOST, "/login", Answer(500)),
                    Route(HOST, "/", Answer(302, b"", (("Location", "/login"),))),
                )
            )
        ],
        cause="client_request_failing",
        option="remove_cause",
        hidden=True,
    ),
)
