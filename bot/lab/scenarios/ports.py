"""Servers that listen on a different port from the one the gateway connects to."""

from bot.lab.azure.build import Site, http_settings, probe
from bot.lab.backends import Answer, Refusing
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    LISTENER,
    PRIVATE_SITE,
    PUBLIC_SITE,
    V1,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)

_CHAIN = PUBLIC_SITE.path[:2]
_LISTED = PRIVATE_SITE.path

PORTS: tuple[Scenario, ...] = (
    scenario_of(
        "port-of-another-service",
        "The server moved to port 443, and the HTTP settings still say 8443",
        "Nothing listens on the old port any more.",
        gateway=one_site("port-of-another-service", settings={"port": 8443}),
        backends=[web_server(_CHAIN, port=8443, behaviour=Refusing()), web_server(_CHAIN)],
        cause="wrong_port",
        option="correct_port",
    ),
    scenario_of(
        "v1-port-of-another-service",
        "v1: the server moved to port 8443, and the HTTP settings still say 443",
        "The certificate is allow-listed; only the port is wrong.",
        gateway=one_site("v1-port-of-another-service", V1, trusts=[PRIVATE_SITE]),
        backends=[web_server(_LISTED, behaviour=Refusing()), web_server(_LISTED, port=8443)],
        cause="wrong_port",
        option="correct_port",
    ),
    scenario_of(
        "down-beside-another-site",
        "The service is down, and another site answers on the usual port",
        "What listens on port 443 of the same machine does not know this site.",
        gateway=one_site("down-beside-another-site", settings={"port": 8443}),
        backends=[
            web_server(_CHAIN, port=8443, behaviour=Refusing()),
            web_server(_CHAIN, knows=[f"intranet.{DOMAIN}"]),
        ],
        cause="port_refused",
        option="remove_cause",
    ),
    scenario_of(
        "down-beside-a-redirect",
        "The service is down, and the usual port only redirects",
        "Port 80 redirects everybody to the port that is down: no remedy.",
        gateway=one_site("down-beside-a-redirect", secure=False, settings={"port": 8080}),
        backends=[
            web_server(port=8080, behaviour=Refusing()),
            web_server(answer=Answer(301, b"", (("Location", f"https://{HOST}:8080/"),))),
        ],
        cause="port_refused",
        option="remove_cause",
    ),
    scenario_of(
        "probe-port-down",
        "The probe's own port is down, and the site works",
        "Clients could be served; the probe uses a port that nothing listens on any more.",
        gateway=document(
            "probe-port-down",
            pools=[members("web", IP)],
            settings=[http_settings("backend", probe="site")],
            probes=[probe("site", protocol="Http", host=HOST, port=9000)],
            sites=[Site("site", HOST, "web", "backend", LISTENER)],
        ),
        backends=[web_server(port=9000, behaviour=Refusing()), web_server()],
        cause="wrong_port",
        option="correct_port",
    ),
)
