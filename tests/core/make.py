"""One builder for each value: a test names only what matters to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.arm.certificates_reader import certificate_data
from bot.core.arm.document import Document, Json
from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.health import BackendHealth, Health, HealthNotKnown, HealthState, ServerHealth
from bot.core.model.observation import (
    PUBLIC,
    Answered,
    Attempt,
    Handshake,
    NoResponse,
    NotConnected,
    NotTried,
    Observation,
    Outcome,
    Response,
    Trust,
    Unresolved,
)
from bot.core.remedies.edit_builder import certificate_text
from bot.core.remedies.what_if import WhatIf
from bot.core.routing.routes import Backend
from bot.core.rules import RULES

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ID = "/subscriptions/s1/resourceGroups/rg-test/providers/Microsoft.Network/applicationGateways/agw"
SUBNET = "/subscriptions/s1/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/hub/subnets/agw"
HOST = "test.appgwtestase.com"
SERVER = "10.1.5.11"

NOT_SEEN: tuple[Outcome, ...] = (
    NotTried("outside"),
    NotConnected("timeout", SERVER, "no answer within 5.0 s"),
    Unresolved(HOST, "no such name (NXDOMAIN)", "no_such_name"),
)
"""What our own look may come to without any evidence for or against the backend."""


def certificate(name: str, *sans: str, **changes: Any) -> Certificate:
    """A leaf for `name`; its SHA-256 is made of the name, so that a test can read it."""
    made = Certificate(
        subject=f"CN={name}",
        issuer="CN=private CA",
        common_name=name,
        dns_names=sans or (name,),
        sha256=name.encode().hex()[:64].ljust(64, "0"),
        not_before=NOW - timedelta(days=100),
        not_after=NOW + timedelta(days=200),
        is_ca=False,
        self_signed=False,
        der=name.encode(),
        has_san=True,
    )
    return replace(made, **changes)


def root(name: str = "private CA", **changes: Any) -> Certificate:
    """A self-signed CA."""
    return certificate(
        name,
        issuer=f"CN={name}",
        is_ca=True,
        self_signed=True,
        has_san=False,
        dns_names=(),
        **changes,
    )


APP = certificate(HOST)
ILB = certificate("*.ase.appgwtestase.com")
ROOT = root()


def item(collection: str, name: str, **properties: Any) -> Json:
    """One entry of a sub-resource collection, shaped as ARM's answers are."""
    return {"name": name, "id": f"{ID}/{collection}/{name}", "properties": properties}


def ref(collection: str, name: str) -> Json:
    """A reference to such an entry."""
    return {"id": f"{ID}/{collection}/{name}"}


def document(
    *, tier: str = "Standard", servers: tuple[str, ...] = (SERVER,), **changes: Any
) -> Json:
    """A gateway with one listener, one rule, one pool, one HTTPS setting and one probe.

    `changes` replace whole properties (`probes=[...]`), or top-level keys if they start with `top_`.
    """
    key = "fqdn" if servers and not servers[0][0].isdigit() else "ipAddress"
    properties: Json = {
        "sku": {"name": "Standard_Medium", "tier": tier, "capacity": 2},
        "operationalState": "Running",
        "provisioningState": "Succeeded",
        "gatewayIPConfigurations": [item("gatewayIPConfigurations", "ip", subnet={"id": SUBNET})],
        "frontendPorts": [item("frontendPorts", "p443", port=443)],
        "authenticationCertificates": [
            item("authenticationCertificates", "app", data=certificate_text(APP))
        ],
        "trustedRootCertificates": [],
        "backendAddressPools": [
            item("backendAddressPools", "pool", backendAddresses=[{key: it} for it in servers])
        ],
        "backendHttpSettingsCollection": [settings()],
        "probes": [probe()],
        "httpListeners": [
            item(
                "httpListeners",
                "site",
                protocol="Https",
                hostName=HOST,
                frontendPort=ref("frontendPorts", "p443"),
            )
        ],
        "requestRoutingRules": [rule()],
        "urlPathMaps": [],
    }
    if tier.endswith("v2"):
        del properties["authenticationCertificates"]
    properties.update({k: v for k, v in changes.items() if not k.startswith("top_")})
    top = {k[4:]: v for k, v in changes.items() if k.startswith("top_")}
    return {
        "id": ID,
        "name": "agw",
        "location": "westeurope",
        "etag": 'W/"1"',
        "properties": properties,
    } | top


def settings(name: str = "https", **changes: Any) -> Json:
    """HTTPS settings with the probe and, on v1, the app's certificate."""
    properties: Json = {
        "port": 443,
        "protocol": "Https",
        "requestTimeout": 20,
        "pickHostNameFromBackendAddress": False,
        "probe": ref("probes", "probe"),
        "authenticationCertificates": [ref("authenticationCertificates", "app")],
    }
    return item("backendHttpSettingsCollection", name, **(properties | changes))


def v2_settings(**changes: Any) -> Json:
    """The same without authentication certificates, which v2 does not know."""
    made = settings(**changes)
    del made["properties"]["authenticationCertificates"]
    return made


def probe(**changes: Any) -> Json:
    """The custom probe of the incident."""
    properties: Json = {
        "protocol": "Https",
        "host": HOST,
        "path": "/",
        "interval": 30,
        "timeout": 30,
        "unhealthyThreshold": 3,
    }
    return item("probes", "probe", **(properties | changes))


def rule(name: str = "rule", **changes: Any) -> Json:
    """A basic rule from the listener to pool and settings."""
    properties: Json = {
        "ruleType": "Basic",
        "httpListener": ref("httpListeners", "site"),
        "backendAddressPool": ref("backendAddressPools", "pool"),
        "backendHttpSettings": ref("backendHttpSettingsCollection", "https"),
    }
    return item("requestRoutingRules", name, **(properties | changes))


def certificates(*known: Certificate) -> dict[str, Certificate]:
    """What the certificate texts of a document mean."""
    return {certificate_text(it): it for it in (APP, ILB, ROOT, *known)}


def handshake(*chain: Certificate, trust: tuple[Trust, ...] = (), public: int = 20) -> Handshake:
    """An agreed session; by default no public CA stands behind it."""
    text = "ok" if public == 0 else "unable to get local issuer certificate"
    return Handshake("TLSv1.2", "ECDHE", chain, (Trust(PUBLIC, public, text), *trust))


def answered(
    *chain: Certificate,
    status: int | None = 200,
    trust: tuple[Trust, ...] = (),
    public: int = 20,
    tls: bool = True,
) -> Answered:
    """A connection that stood, with the status of the answer (None: no answer)."""
    http = (
        NoResponse("timeout", "no answer in time") if status is None else Response(status, None, "")
    )
    agreed = handshake(*chain, trust=trust, public=public) if tls else None
    return Answered(SERVER, agreed, http)


def case(
    made: Document | None = None,
    outcome: Outcome | None = None,
    *,
    by_sni: dict[str | None, Outcome] | None = None,
    state: HealthState | None = "unhealthy",
    message: str | None = None,
    health: Health | None = None,
    known: tuple[Certificate, ...] = (),
    **changes: Any,
) -> Case:
    """A case of one document: what our probe saw (for every request, or by SNI), and what the gateway says."""
    base = document() if made is None else made
    gateway = read_gateway(base, certificates(*known))
    empty = Case(gateway, BackendHealth(()), (), NOW)
    alone: dict[str | None, Outcome] = {} if outcome is None else {None: outcome}
    outcomes = by_sni if by_sni is not None else alone
    seen = [
        Observation(attempt, result)
        for backend in empty.backends
        for attempt, result in _attempts(empty, backend, outcomes, everything=by_sni is None)
    ]
    says = health if health is not None else BackendHealth(_says(empty, state, message))
    return replace(empty, observations=tuple(seen), health=says, **changes)


def blind(made: Document | None = None, outcome: Outcome = NOT_SEEN[0], **changes: Any) -> Case:
    """A case in which nobody knows: health needs a permission that is not there, and we saw nothing."""
    return case(made, outcome, health=HealthNotKnown("no permission"), **changes)


def _attempts(
    empty: Case, backend: Backend, outcomes: dict[str | None, Outcome], *, everything: bool
) -> list[tuple[Attempt, Outcome]]:
    own = BackendView(empty, backend).probe_attempt
    if everything:
        return [(own, it) for it in outcomes.values()]
    return [
        (replace(own, sni=sni, host=own.host if sni == own.sni else sni or own.host), it)
        for sni, it in outcomes.items()
    ]


def _says(empty: Case, state: HealthState | None, message: str | None) -> tuple[ServerHealth, ...]:
    if state is None:
        return ()
    return tuple(
        ServerHealth(it.pool.id, it.settings.id, it.server, state, message) for it in empty.backends
    )


def what_if(made: Case, base: Document, *known: Certificate) -> WhatIf:
    """What paper trials work on."""
    assert list(certificate_data(base)) is not None
    return WhatIf(made, base, certificates(*known), RULES)


def incident() -> tuple[Document, Case]:
    """Microsoft's ILB App Service Environment case on v1: another certificate without SNI than with it."""
    base = document()
    seen: dict[str | None, Outcome] = {None: answered(ILB), HOST: answered(APP)}
    return base, case(base, by_sni=seen, message=NOT_ALLOW_LISTED)


NOT_ALLOW_LISTED = "Backend server certificate isn\u2019t allow-listed with Application Gateway."
