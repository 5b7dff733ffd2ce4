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

References are by name; the document that comes out has full ids, back references, an etag, and
the frontend and subnet that every gateway has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.lab.azure.completion import complete, stamp
from bot.lab.azure.document import GatewayId, references
from bot.lab.azure.errors import Json
from bot.lab.pki import Issued

_FRONTEND = "frontendIPConfigurations/appGwPublicFrontendIp"
_SKUS = {"Standard": "Standard_Medium", "WAF": "WAF_Medium"}


@dataclass(frozen=True, slots=True)
class PathTo:
    """A path rule: requests for `path`, such as /api/*, are sent to `pool` by `settings`."""

    path: str
    pool: str
    settings: str


@dataclass(frozen=True, slots=True)
class Site:
    """A listener and its rule: who asks for `host` is sent to `pool` by `settings`.

    With a certificate it is HTTPS on 443; without, HTTP on 80. With `redirect_to` (the name of
    another site) the rule redirects there and has neither pool nor settings. With `paths` it is
    a path-based rule, whose default is `pool` and `settings`.
    """

    name: str
    host: str
    pool: str = ""
    settings: str = ""
    certificate: Issued | None = None
    redirect_to: str = ""
    paths: tuple[PathTo, ...] = ()


def part(name: str, /, **properties: Any) -> Json:
    """A sub-resource; a property that is None is left out."""
    return {
        "name": name,
        "properties": {key: value for key, value in properties.items() if value is not None},
    }


def to(collection: str, name: str | None) -> Json | None:
    """A reference to a sub-resource of the same gateway; made absolute by gateway_document."""
    return {"id": f"{collection}/{name}"} if name else None


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
    """HTTP settings that speak HTTPS to the backend; other properties by their ARM names."""
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
    **properties: Any,
) -> Json:
    """A custom probe; interval and timeout in seconds."""
    return part(
        name,
        protocol=protocol,
        host=host,
        path=path,
        interval=interval,
        timeout=timeout,
        unhealthyThreshold=threshold,
        match={"statusCodes": list(statuses)},
        **properties,
    )


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
    capacity: int = 2,
    **more: Any,
) -> Json:
    """A running gateway as a GET answers it; `more` adds to (or replaces) its properties."""
    properties = {
        "sku": {"name": _SKUS.get(tier, tier), "tier": tier, "capacity": capacity},
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
        **_routing(sites, with_priority=tier not in _SKUS),
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
                _FRONTEND.partition("/")[2],
                privateIPAllocationMethod="Dynamic",
                publicIPAddress=address,
            )
        ],
        "frontendPorts": [part("port_80", port=80), part("port_443", port=443)],
    }


def _routing(sites: Sequence[Site], *, with_priority: bool) -> Json:
    redirects = [site for site in sites if site.redirect_to]
    return {
        "urlPathMaps": [_path_map(site) for site in sites if site.paths],
        "httpListeners": [_listener(site) for site in sites],
        "requestRoutingRules": [
            _rule(site, priority=10 * number if with_priority else None)
            for number, site in enumerate(sites, start=1)
        ],
        "redirectConfigurations": [
            part(
                f"{site.name}-redirect",
                redirectType="Permanent",
                targetListener=to("httpListeners", f"{site.redirect_to}-listener"),
                includePath=True,
                includeQueryString=True,
            )
            for site in redirects
        ],
    }


def _listener(site: Site) -> Json:
    secure = site.certificate is not None
    return part(
        f"{site.name}-listener",
        frontendIPConfiguration={"id": _FRONTEND},
        frontendPort=to("frontendPorts", "port_443" if secure else "port_80"),
        protocol="Https" if secure else "Http",
        sslCertificate=to("sslCertificates", f"{site.name}-cert") if secure else None,
        hostName=site.host,
        requireServerNameIndication=secure,
    )


def _rule(site: Site, priority: int | None) -> Json:
    if site.redirect_to:
        way = {"redirectConfiguration": to("redirectConfigurations", f"{site.name}-redirect")}
    elif site.paths:
        way = {"urlPathMap": to("urlPathMaps", f"{site.name}-paths")}
    else:
        way = _backend("backendAddressPool", "backendHttpSettings", site)
    return part(
        f"{site.name}-rule",
        ruleType="PathBasedRouting" if site.paths else "Basic",
        priority=priority,
        httpListener=to("httpListeners", f"{site.name}-listener"),
        **way,
    )


def _path_map(site: Site) -> Json:
    rules = [
        part(
            f"path{number}",
            paths=[each.path],
            **_backend("backendAddressPool", "backendHttpSettings", each),
        )
        for number, each in enumerate(site.paths, start=1)
    ]
    default = _backend("defaultBackendAddressPool", "defaultBackendHttpSettings", site)
    return part(f"{site.name}-paths", pathRules=rules, **default)


def _backend(pool_property: str, settings_property: str, way: Site | PathTo) -> Json:
    return {
        pool_property: to("backendAddressPools", way.pool),
        settings_property: to("backendHttpSettingsCollection", way.settings),
    }


def _make_absolute(properties: Json, gateway: GatewayId) -> None:
    for _, reference in references(properties):
        if not reference["id"].startswith("/"):
            reference["id"] = f"{gateway}/{reference['id']}"
