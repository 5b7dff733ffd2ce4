"""Two gateways and their backends, as small as they can be: what the tests start from."""

from typing import Any

from bot.lab.azure import GatewayId
from bot.lab.azure.build import (
    PathTo,
    Site,
    certificate,
    gateway_document,
    http_settings,
    https_settings,
    pool,
    probe,
)
from bot.lab.backends import BackendSpec, Route
from bot.lab.pki import authority, leaf

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = "rg-one"
V1, V2 = "agw-one", "agw-two"
IP, PORT = "10.1.5.11", 443
HOST = "app.example.com"

ROOT = authority("Private Root")
APP = leaf(HOST, issuer=ROOT)
DEFAULT = leaf("*.ilb.example.com", issuer=ROOT)

BACKEND = BackendSpec(
    IP, PORT, certificates={HOST: APP.path}, default=DEFAULT.path, routes=(Route(HOST),)
)
PLAIN = BackendSpec(IP, 80, routes=(Route(HOST), Route("127.0.0.1")))


def v1_gateway(**more: Any) -> dict[str, Any]:
    """v1: the app's certificate is allow-listed, and the IP gets no SNI: unhealthy."""
    return gateway_document(
        GatewayId(SUBSCRIPTION, GROUP, V1),
        **{
            "tier": "Standard",
            "pools": [pool("pool", ips=[IP])],
            "settings": [
                https_settings("https", probe="probe", authentication_certificates=["app"])
            ],
            "probes": [probe("probe", host=HOST)],
            "authentication_certificates": [certificate("app", APP)],
            "sites": [Site("site", HOST, "pool", "https", APP)],
            **more,
        },
    )


def v2_gateway(**more: Any) -> dict[str, Any]:
    """v2: root and probe host are right, and a path leads to plain HTTP: healthy."""
    paths = (PathTo("/plain/*", "pool", "http"),)
    return gateway_document(
        GatewayId(SUBSCRIPTION, GROUP, V2),
        **{
            "tier": "Standard_v2",
            "pools": [pool("pool", ips=[IP])],
            "settings": [
                https_settings("https", probe="probe", trusted_roots=["root"]),
                http_settings("http"),
            ],
            "probes": [probe("probe", host=HOST)],
            "trusted_roots": [certificate("root", ROOT)],
            "sites": [Site("site", HOST, "pool", "https", APP, paths=paths)],
            **more,
        },
    )
