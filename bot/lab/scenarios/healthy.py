"""Healthy gateways in front of one site: nothing here may be called a fault."""

import ssl
from typing import Any

from bot.lab.backends import Answer, TlsLimits
from bot.lab.pki import authority, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    OTHER_IP,
    OTHER_ROOT,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    V1,
    any_host,
    one_site,
    told,
    web_server,
)

_SELF_SIGNED_CA = authority(HOST)
_ONLY_COMMON_NAME = leaf(HOST, issuer=PUBLIC_ISSUING, dns_names=())
_WILDCARD = leaf(f"*.{DOMAIN}", issuer=PUBLIC_ISSUING)
_APP_SERVICE = "contoso-shop.azurewebsites.net"
_PLATFORM = leaf("*.azurewebsites.net", issuer=PUBLIC_ISSUING)
_TAKES_HOST_FROM_POOL: dict[str, Any] = {
    "settings": {"pickHostNameFromBackendAddress": True},
    "checks": {"host": None, "pickHostNameFromBackendHttpSettings": True},
}

HEALTHY_V1: tuple[Scenario, ...] = (
    told(
        "healthy-v1-listed",
        "Healthy v1: the certificate that an IP serves is allow-listed",
        "No SNI is sent, and the default certificate is one of the two that are allow-listed.",
        gateway=one_site("v1-listed", V1, trusts=[_WILDCARD, PRIVATE_SITE]),
        backends=[web_server(PRIVATE_SITE.path)],
        notes=["gateway_generation_retired"],
    ),
    told(
        "healthy-v1-name",
        "Healthy v1: the pool names the site, so SNI is sent",
        "Without SNI another certificate would be served, but the pool has the host name.",
        gateway=one_site("v1-name", V1, servers=(HOST,), trusts=[PRIVATE_SITE]),
        backends=[web_server(_WILDCARD.path, certificates={HOST: PRIVATE_SITE.path})],
        dns={HOST: [IP]},
    ),
    told(
        "healthy-v1-http",
        "Healthy v1: plain HTTP to two servers",
        "TLS ends at the gateway.",
        gateway=one_site("v1-http", V1, servers=(IP, OTHER_IP), secure=False),
        backends=[web_server(), web_server(address=OTHER_IP)],
    ),
    told(
        "healthy-v1-app-service",
        "Healthy v1: App Service, which is trusted without an upload",
        "The certificate is Microsoft's own, and the host name is taken from the pool.",
        gateway=one_site("v1-app-service", V1, servers=(_APP_SERVICE,), **_TAKES_HOST_FROM_POOL),
        backends=[web_server(_PLATFORM.path[:2], knows=[_APP_SERVICE])],
        dns={_APP_SERVICE: [IP]},
    ),
)

HEALTHY_V2: tuple[Scenario, ...] = (
    told(
        "healthy-http",
        "Healthy: plain HTTP to two servers",
        "TLS ends at the gateway, and both servers answer the probe.",
        gateway=one_site("http", servers=(IP, OTHER_IP), secure=False),
        backends=[web_server(), web_server(address=OTHER_IP)],
    ),
    told(
        "healthy-default-probe",
        "Healthy: the default probe, and a server that answers to any host",
        "There is no custom probe, and the server accepts the Host 127.0.0.1.",
        gateway=one_site("default-probe", secure=False, asks=None),
        backends=[any_host()],
    ),
    told(
        "healthy-public-ca",
        "Healthy: a host name in the pool, and a certificate of a public CA",
        "The host name is taken from the pool, and nothing had to be uploaded.",
        gateway=one_site("public-ca", servers=(HOST,), **_TAKES_HOST_FROM_POOL),
        backends=[web_server(PUBLIC_SITE.path[:2])],
        dns={HOST: [IP]},
    ),
    told(
        "healthy-private-root",
        "Healthy: a private CA whose root was uploaded",
        "The probe names the site, and the chain ends in one of the two trusted roots.",
        gateway=one_site("private-root", trusts=[OTHER_ROOT, ROOT]),
        backends=[web_server(PRIVATE_SITE.path)],
    ),
    told(
        "healthy-root-not-sent",
        "Healthy: the server does not send its root",
        "Leaf and intermediate are enough, because the gateway has the root.",
        gateway=one_site("root-not-sent", trusts=[ROOT]),
        backends=[web_server(PRIVATE_SITE.path[:2])],
    ),
    told(
        "healthy-self-signed-ca",
        "Healthy: a self-signed certificate that is a CA, uploaded as root",
        "v2 accepts a self-signed certificate if it is a CA.",
        gateway=one_site("self-signed-ca", trusts=[_SELF_SIGNED_CA]),
        backends=[web_server((_SELF_SIGNED_CA,))],
    ),
    told(
        "healthy-common-name",
        "Healthy: a certificate with only a common name",
        "Without a subject alternative name the common name counts.",
        gateway=one_site("common-name"),
        backends=[web_server(_ONLY_COMMON_NAME.path[:2])],
    ),
    told(
        "healthy-tls-1-2",
        "Healthy: a server that supports nothing newer than TLS 1.2",
        "v2 prefers TLS 1.3, and accepts 1.2.",
        gateway=one_site("tls-1-2"),
        backends=[web_server(PUBLIC_SITE.path[:2], tls=TlsLimits(maximum=ssl.TLSVersion.TLSv1_2))],
    ),
    told(
        "healthy-body",
        "Healthy: the probe requires a word, and gets it",
        "The response body contains what the probe's match requires.",
        gateway=one_site("body", secure=False, checks={"path": "/health", "body": "all good"}),
        backends=[web_server(answer=Answer(200, b"Stock: all good. Orders: all good.\n"))],
    ),
    told(
        "healthy-sign-in",
        "Healthy: 401 is an answer that the probe accepts",
        "The site requires sign-in, and the probe's match allows that.",
        gateway=one_site("sign-in", secure=False, checks={"statuses": ["200-399", "401"]}),
        backends=[web_server(answer=Answer(401, b"Who are you?\n"))],
    ),
    told(
        "healthy-probe-port",
        "Healthy: the probe has a port of its own",
        "The health page is on port 8080, the site on port 80.",
        gateway=one_site("probe-port", secure=False, checks={"port": 8080}),
        backends=[web_server(), web_server(port=8080)],
    ),
)
