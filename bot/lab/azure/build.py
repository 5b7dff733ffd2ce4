"""Complete gateway documents from a few words, for scenarios and tests.

    gateway_document(
        GatewayId(SUBSCRIPTION, "rg-test", "agw-test"),
        tier="Standard",
        pools=[pool("ase", ips=["10.1.5.11"])],
        settings=[https_settings("https-ase", probe="app", authentication_certificates=["app"])],
        probes=[probe("app", host="test.appgwtestase.com")],
        authentication_certificates=[certificate("app", app)],
        sites=[Site("test", "test.appgwtestase.com", pool="ase", settings="https-ase")],
    )

References are by name; the resulting document has full ids, back references, an etag, and the
frontend and subnet that every gateway has.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.lab.azure.completion import complete, stamp
from bot.lab.azure.document import GatewayId, references
from bot.lab.azure.routing import FRONTEND, PathTo, Site, part, routing, to
from bot.lab.pki import Issued
from bot.lab.values import Json

__all__ = [
    "PathTo",
    "Site",
    "certificate",
    "gateway_document",
    "http_settings",
    "https_settings",
    "load_distribution",
    "part",
    "pool",
    "probe",
    "to",
]

_SKUS = {"Standard": "Standard_Medium", "WAF": "WAF_Medium"}


def pool(name: str, *, ips: Iterable[str] = (), fqdns: Iterable[str] = ()) -> Json:
    addresses = [{"ipAddress": ip} for ip in ips] + [{"fqdn": fqdn} for fqdn in fqdns]
    return part(name, backendAddresses=addresses)


def certificate(name: str, issued: Issued) -> Json:
    """An authentication certificate (v1) or a trusted root (v2)."""
    return part(name, data=issued.base64_der)


def https_settings(
    name: str,
    *,
    probe: str | None = None,
    authentication_certificates: Sequence[str] = (),
    trusted_roots: Sequence[str] = (),
    port: int = 443,
    **properties: Any,
) -> Json:
    """HTTP settings that use HTTPS to the backend; other properties by their ARM names."""
    certificates = [to("authenticationCertificates", each) for each in authentication_certificates]
    roots = [to("trustedRootCertificates", each) for each in trusted_roots]
    return part(
        name,
        port=port,
        protocol="Https",
        probe=to("probes", probe),
        authenticationCertificates=certificates or None,
        trustedRootCertificates=roots or None,
        **properties,
    )


def http_settings(
    name: str, *, probe: str | None = None, port: int = 80, **properties: Any
) -> Json:
    return part(name, port=port, protocol="Http", probe=to("probes", probe), **properties)


def probe(
    name: str,
    *,
    host: str | None = None,
    path: str = "/",
    protocol: str = "Https",
    interval: int = 30,
    timeout: int = 30,
    threshold: int = 3,
    statuses: Sequence[str] = ("200-399",),
    body: str | None = None,
    **properties: Any,
) -> Json:
    """A custom probe; interval and timeout in seconds, `body` is what the response must contain."""
    match = {"statusCodes": list(statuses), "body": body}
    return part(
        name,
        protocol=protocol,
        host=host,
        path=path,
        interval=interval,
        timeout=timeout,
        unhealthyThreshold=threshold,
        match={key: value for key, value in match.items() if value is not None},
        **properties,
    )


def load_distribution(name: str, algorithm: str = "RoundRobin", **weights: int) -> Json:
    """A load distribution policy; `weights` is the weight of each server, by the name of its pool."""
    targets = [
        part(
            f"to-{each}",
            weightPerServer=weight,
            backendAddressPool=to("backendAddressPools", each),
        )
        for each, weight in weights.items()
    ]
    return part(name, loadDistributionAlgorithm=algorithm, loadDistributionTargets=targets)


def gateway_document(
    gateway: GatewayId,
    *,
    tier: str,
    pools: Sequence[Json],
    settings: Sequence[Json],
    sites: Sequence[Site],
    probes: Sequence[Json] = (),
    authentication_certificates: Sequence[Json] = (),
    trusted_roots: Sequence[Json] = (),
    location: str = "westeurope",
    capacity: int | None = 2,
    **more: Any,
) -> Json:
    """A running gateway as a GET returns it; `more` adds to (or replaces) its properties.

    `capacity` None: there is none, for example because `more` has an autoscaleConfiguration.
    """
    sku: Json = {"name": _SKUS.get(tier, tier), "tier": tier}
    properties = {
        "sku": sku if capacity is None else {**sku, "capacity": capacity},
        **_frontend(gateway),
        "sslCertificates": [
            part(f"{site.name}-cert", publicCertData=site.certificate.base64_pkcs7)
            for site in sites
            if site.certificate
        ],
        "authenticationCertificates": list(authentication_certificates),
        "trustedRootCertificates": list(trusted_roots),
        "backendAddressPools": list(pools),
        "backendHttpSettingsCollection": list(settings),
        "probes": list(probes),
        **routing(sites, with_priority=tier not in _SKUS),
        **more,
    }
    unused = "trustedRootCertificates" if tier in _SKUS else "authenticationCertificates"
    if not properties[unused]:
        del properties[unused]
    _make_absolute(properties, gateway)
    document = complete({"location": location, "properties": properties}, gateway)
    stamp(document, "Succeeded")
    return document


def _frontend(gateway: GatewayId) -> Json:
    network = (
        f"/subscriptions/{gateway.subscription}/resourceGroups/{gateway.group}"
        "/providers/Microsoft.Network"
    )
    subnet = {"id": f"{network}/virtualNetworks/vnet-{gateway.name}/subnets/gateway"}
    address = {"id": f"{network}/publicIPAddresses/pip-{gateway.name}"}
    return {
        "gatewayIPConfigurations": [part("appGatewayIpConfig", subnet=subnet)],
        "frontendIPConfigurations": [
            part(
                FRONTEND.partition("/")[2],
                privateIPAllocationMethod="Dynamic",
                publicIPAddress=address,
            )
        ],
        "frontendPorts": [part("port_80", port=80), part("port_443", port=443)],
    }


def _make_absolute(properties: Json, gateway: GatewayId) -> None:
    for _, reference in references(properties):
        if not reference["id"].startswith("/"):
            reference["id"] = f"{gateway}/{reference['id']}"
