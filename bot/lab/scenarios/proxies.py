"""The TCP/TLS proxy: listeners, rules and backend settings without HTTP."""

from collections.abc import Sequence
from typing import Any

from bot.lab.azure.build import Site, certificate, http_settings, part, probe
from bot.lab.azure.routing import FRONTEND
from bot.lab.backends import HeaderFirst, Refusing
from bot.lab.pki import Issued, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    LISTENER,
    OTHER_HOST,
    OTHER_IP,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    document,
    members,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_DATABASE_PORT = 5432


def _proxied(
    name: str, protocol: str = "Tls", trusts: Sequence[Issued] = (), asks: str = "", **more: Any
) -> Json:
    """A gateway with one HTTP site, and beside it a listener that passes connections to the pool db.

    `asks` is the protocol of the probe, by default that of the settings.
    """
    roots = [certificate(f"root-{number}", each) for number, each in enumerate(trusts, 1)]
    settings = {
        "port": _DATABASE_PORT,
        "protocol": protocol,
        "timeout": 20,
        "hostName": HOST if protocol == "Tls" else None,
        "probe": {"id": "probes/db"},
        **more,
    }
    if roots:
        settings["trustedRootCertificates"] = [
            {"id": f"trustedRootCertificates/{it['name']}"} for it in roots
        ]
    rule = {
        "ruleType": "Basic",
        "priority": 500,
        "listener": {"id": "listeners/db"},
        "backendAddressPool": {"id": "backendAddressPools/db"},
        "backendSettings": {"id": "backendSettingsCollection/db"},
    }
    listener = {
        "protocol": "Tcp",
        "frontendIPConfiguration": {"id": FRONTEND},
        "frontendPort": {"id": "frontendPorts/port_5432"},
    }
    ports = {"port_80": 80, "port_443": 443, "port_5432": _DATABASE_PORT}
    return document(
        name,
        pools=[members("web", IP), members("db", OTHER_IP)],
        settings=[http_settings("web", probe="site")],
        probes=[
            probe("site", host=HOST, protocol="Http"),
            part("db", protocol=asks or protocol, interval=30, timeout=30, unhealthyThreshold=3),
        ],
        trusted_roots=roots,
        sites=[Site("site", HOST, "web", "web", LISTENER)],
        frontendPorts=[part(each, port=port) for each, port in ports.items()],
        listeners=[part("db", **listener)],
        backendSettingsCollection=[part("db", **settings)],
        routingRules=[part("db", **rule)],
    )


def _database(*chain: Any, **more: Any) -> Any:
    return web_server(*chain, address=OTHER_IP, port=_DATABASE_PORT, **more)


PROXIES: tuple[Scenario, ...] = (
    scenario_of(
        "healthy-tls-proxy",
        "Healthy: a TLS proxy to a server with a public certificate",
        "Its backend settings send the SNI that the certificate is for.",
        gateway=_proxied("tls-proxy"),
        backends=[web_server(), _database(PUBLIC_SITE.path[:2])],
    ),
    scenario_of(
        "healthy-tcp-proxy",
        "Healthy: a TCP proxy",
        "The probe only opens a connection, whatever the server speaks.",
        gateway=_proxied("tcp-proxy", "Tcp"),
        backends=[web_server(), _database()],
    ),
    scenario_of(
        "tcp-proxy-refused",
        "TCP proxy: nothing listens on the server's port",
        "The database is down; the site beside it works.",
        gateway=_proxied("tcp-refused", "Tcp"),
        backends=[web_server(), _database(behaviour=Refusing())],
        cause="port_refused",
        option="remove_cause",
    ),
    scenario_of(
        "tcp-proxy-silent",
        "TCP proxy: packets to the server are lost",
        "A network security group lets nobody through to the database.",
        gateway=_proxied("tcp-silent", "Tcp"),
        backends=[web_server()],
        cause="port_silent",
        option="remove_cause",
    ),
    scenario_of(
        "tls-proxy-header-first",
        "TLS proxy: the server wants a PROXY protocol header, and the backend settings send none",
        "Client IP preservation is switched off in them.",
        gateway=_proxied("tls-header-first"),
        backends=[web_server(), _database(PUBLIC_SITE.path[:2], behaviour=HeaderFirst())],
        cause="proxy_header_demanded",
        option="remove_cause",
    ),
    scenario_of(
        "tls-proxy-root",
        "TLS proxy: the server's certificate comes from a private CA",
        "The backend settings list no root, so only well-known CAs count.",
        gateway=_proxied("tls-root"),
        backends=[web_server(), _database(PRIVATE_SITE.path)],
        cause="root_not_trusted",
        option="upload_root_certificate",
        heals=True,
    ),
    scenario_of(
        "healthy-tls-proxy-private",
        "Healthy: a TLS proxy that trusts a private root",
        "The root is listed in the backend settings.",
        gateway=_proxied("tls-private", trusts=[ROOT]),
        backends=[web_server(), _database(PRIVATE_SITE.path)],
    ),
    scenario_of(
        "tls-proxy-tcp-probe",
        "TLS proxy: a private CA, which the TCP probe never meets",
        "The probe only opens a connection; clients meet the certificate.",
        gateway=_proxied("tls-tcp-probe", asks="Tcp"),
        backends=[web_server(), _database(PRIVATE_SITE.path)],
        cause="root_not_trusted",
        option="upload_root_certificate",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "tls-proxy-name",
        "TLS proxy: the server's certificate is for another name",
        "A name cannot be left unchecked in backend settings.",
        gateway=_proxied("tls-name"),
        backends=[
            web_server(),
            _database(leaf(OTHER_HOST, issuer=PUBLIC_ISSUING).path[:2]),
        ],
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
    ),
)
