"""From a sketch to a scenario: the gateway's document, and everything around it."""

from collections.abc import Sequence
from typing import Any

from bot.lab.azure.build import (
    certificate,
    gateway_document,
    http_settings,
    https_settings,
    part,
    pool,
    probe,
    to,
)
from bot.lab.azure.routing import FRONTEND
from bot.lab.azure.targets import is_ip
from bot.lab.pki import Issued
from bot.lab.scenario import Expected, Scenario
from bot.lab.values import Json
from tests.random_worlds.sketch import App, Proxy, Sketch


def finished(sketch: Sketch) -> Scenario:
    """The world as a scenario; what it has to come to is the lab's word, so no label is set."""
    return Scenario(
        name=f"random-{sketch.seed}",
        title=f"A random world with {', '.join(sketch.done) or 'no fault'}",
        summary="Made up from a seed.",
        story=(),
        gateways=(_document(sketch),),
        backends=tuple(sketch.servers.values()),
        expected=Expected(sketch.name, None),
        dns=sketch.dns,
        bot_dns=sketch.bot_dns,
        dns_servers=sketch.dns_servers,
        options=sketch.options,
        faults=tuple(sketch.azure_faults),
    )


def _document(sketch: Sketch) -> Json:
    probes = [probe(f"{it.name}-probe", **_check(it)) for it in sketch.apps if it.check is not None]
    parts: dict[str, Any] = {
        "pools": [
            *(sketch.pools.get(it.name) or _pool(it.name, it.members) for it in sketch.apps),
            *(_pool(it.name, it.members) for it in sketch.proxies),
            *sketch.more_pools,
        ],
        "settings": [_settings(sketch, it) for it in sketch.apps],
        "probes": [*probes, *map(_proxy_probe, sketch.proxies)],
        "sites": sketch.sites,
        "authentication_certificates" if sketch.v1 else "trusted_roots": _stored(sketch),
    }
    if sketch.policies:
        parts["loadDistributionPolicies"] = sketch.policies
    if sketch.proxies:
        parts |= _proxied(sketch.proxies)
    tier = "Standard" if sketch.v1 else "Standard_v2"
    document = gateway_document(sketch.id, tier=tier, **parts)
    document["properties"] |= sketch.state
    document["tags"] = sketch.tags
    for edit in sketch.edits:
        edit(document)
    return document


def _stored(sketch: Sketch) -> list[Json]:
    owners: Sequence[App | Proxy] = (*sketch.apps, *sketch.proxies)
    own = [
        certificate(name, each)
        for it in owners
        for name, each in zip(_trusted(it.name, it.trusts), it.trusts, strict=True)
    ]
    return own + [node for _, node in sketch.more_trust]


def _trusted(name: str, trusts: Sequence[Issued]) -> list[str]:
    return [f"{name}-trust-{n}" for n, _ in enumerate(trusts)]


def _pool(name: str, members: Sequence[str]) -> Json:
    ips = [it for it in members if is_ip(it)]
    return pool(name, ips=ips, fqdns=[it for it in members if not is_ip(it)])


def _settings(sketch: Sketch, app: App) -> Json:
    check = None if app.check is None else f"{app.name}-probe"
    if not app.secure:
        return http_settings(f"{app.name}-settings", probe=check, port=app.port, **app.settings)
    referred = _trusted(app.name, app.trusts)
    referred += [node["name"] for owner, node in sketch.more_trust if owner == app.name]
    return https_settings(
        f"{app.name}-settings",
        probe=check,
        port=app.port,
        authentication_certificates=referred if sketch.v1 else (),
        trusted_roots=() if sketch.v1 else referred,
        **app.settings,
    )


def _check(app: App) -> dict[str, Any]:
    return {"protocol": "Https" if app.secure else "Http", **(app.check or {})}


def _proxied(proxies: Sequence[Proxy]) -> dict[str, list[Json]]:
    """The collections of the TCP/TLS proxy; each listener waits at the port of its servers."""
    ports = {80, 443, *(it.port for it in proxies)}
    return {
        "frontendPorts": [part(f"port_{it}", port=it) for it in sorted(ports)],
        "listeners": [
            part(
                it.name,
                protocol="Tcp",
                frontendIPConfiguration={"id": FRONTEND},
                frontendPort=to("frontendPorts", f"port_{it.port}"),
            )
            for it in proxies
        ],
        "backendSettingsCollection": list(map(_proxy_settings, proxies)),
        "routingRules": [
            part(
                it.name,
                ruleType="Basic",
                priority=900 + number,
                listener=to("listeners", it.name),
                backendAddressPool=to("backendAddressPools", it.name),
                backendSettings=to("backendSettingsCollection", it.name),
            )
            for number, it in enumerate(proxies)
        ],
    }


def _proxy_settings(it: Proxy) -> Json:
    trusts = [to("trustedRootCertificates", each) for each in _trusted(it.name, it.trusts)]
    return part(
        it.name,
        port=it.port,
        protocol=it.protocol,
        timeout=20,
        probe=to("probes", it.name),
        trustedRootCertificates=trusts or None,
        **it.settings,
    )


def _proxy_probe(it: Proxy) -> Json:
    asks = it.asks or it.protocol
    return part(it.name, protocol=asks, interval=30, timeout=30, unhealthyThreshold=3)
