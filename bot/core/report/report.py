"""The result of one diagnosis, as everything that shows it needs it: chat, terminal and JSON alike.

`to_json` is the public document (schema 1); nothing is computed there that is not already in `Report`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.case.diagnosis import Verdict
from bot.core.case.finding import Concerns, Confidence, Evidence, Severity
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Protocol
from bot.core.model.generation import Generation
from bot.core.model.health import HealthState
from bot.core.model.marked import without_marks
from bot.core.remedies.handed_certificate import Wanted
from bot.core.report.client_facts import ClientFacts, client_json
from bot.core.report.environment_facts import EnvironmentFacts, environment_json
from bot.core.report.load_facts import LoadFacts, load_json
from bot.core.report.looked_at import LookedAt, looked_at_json
from bot.core.report.option_facts import OptionFacts, option_json
from bot.core.routing.gateway_request import Transport

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class GatewayFacts:
    """Which gateway, and in what state it was when it was read."""

    id: str
    name: str
    resource_group: str
    subscription: str
    location: str
    tier: str
    generation: Generation
    operational_state: str
    provisioning_state: str
    etag: str


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """A certificate that the HTTP settings allow-list (v1) or trust as root (v2)."""

    name: str
    certificate: Certificate | None
    unreadable: str | None


@dataclass(frozen=True, slots=True)
class HandshakeFacts:
    """One TLS handshake of ours: with which SNI, and the chain that was served, or why there was none."""

    sni: str | None
    ok: bool
    error: str | None
    tls: str | None
    chain: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class ProbeFacts:
    """What the gateway's health probe sends."""

    sni: str | None
    host: str
    path: str
    interval: int
    timeout: int


@dataclass(frozen=True, slots=True)
class BackendFacts:
    """One server under one pool and one HTTP settings: what Azure says, what we saw.

    `not_tried` says why there is no connection of ours; `http_status` None: no HTTP answer was read. `transport`: it is
    behind the TCP/TLS proxy, which sends no HTTP; the `protocol` is then the one with the same connection.
    """

    pool: str
    http_settings: str
    server: str
    port: int
    protocol: Protocol
    listeners: tuple[str, ...]
    health: HealthState
    health_message: str | None
    probe: ProbeFacts
    stored: tuple[StoredFacts, ...]
    handshakes: tuple[HandshakeFacts, ...]
    http_status: int | None
    not_tried: str | None
    transport: Transport | None = None


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """One finding in words; `http_settings` and `server` None: it concerns the whole gateway.

    `concerns` says whose requests meet it, `sites` which sites' clients do. `ended_by` are the ids of the options that
    work and end it, as far as was tried on paper.
    """

    rule: str
    severity: Severity
    confidence: Confidence
    http_settings: str | None
    server: str | None
    summary: str
    cause: str
    remedy: str
    evidence: tuple[Evidence, ...]
    sources: tuple[str, ...]
    concerns: Concerns = "probe"
    sites: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """What stayed undecided, and why."""

    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The site that was asked about, and the way a request for it takes through the gateway."""

    host: str
    path: str
    listener: str
    rule: str
    pool: str
    http_settings: str


@dataclass(frozen=True, slots=True)
class Report:
    """One diagnosis. `headline` is the verdict in one sentence; `help_url` is set where nothing here helps.

    `conclusion` is the headline without the gateway's name (empty in a report that was stored before it was kept).
    `clients` are the requests of clients, `suffering` says in one sentence whose of them fail. `looked_at` counts what
    all of it rests on (None in a report that was stored before that was counted).
    `wanted` is the certificate that somebody may hand in, since the bot cannot get it itself.
    `environments_not_read` says why it is not known whether App Service Environments are among the backends,
    `load_not_read` why there is no `load`.
    """

    gateway: GatewayFacts
    verdict: Verdict
    headline: str
    backends: tuple[BackendFacts, ...]
    findings: tuple[FindingFacts, ...]
    options: tuple[OptionFacts, ...]
    recommended: str | None
    undecided: tuple[Open, ...]
    notes: tuple[str, ...]
    help_url: str | None
    made: datetime
    seconds: float
    site: SiteFacts | None = None
    environments: tuple[EnvironmentFacts, ...] = ()
    environments_not_read: str | None = None
    load: LoadFacts | None = None
    load_not_read: str | None = None
    conclusion: str = ""
    clients: tuple[ClientFacts, ...] = ()
    suffering: str = ""
    looked_at: LookedAt | None = None
    wanted: Wanted | None = None


def told_once(findings: Iterable[FindingFacts]) -> tuple[tuple[FindingFacts, ...], ...]:
    """The findings in their order, those together that say the same of several backends."""
    same: dict[tuple[str, str], list[FindingFacts]] = {}
    for finding in findings:
        same.setdefault((finding.rule, finding.summary), []).append(finding)
    return tuple(map(tuple, same.values()))


def to_json(report: Report) -> dict[str, Any]:
    """The public document, schema 1; names stand in its sentences as they are, without marks."""
    document: dict[str, Any] = without_marks(_document(report))
    return document


def _document(report: Report) -> dict[str, Any]:
    gateway = report.gateway
    return {
        "schema": SCHEMA,
        "gateway": {name: getattr(gateway, name) for name in GatewayFacts.__slots__},
        "site": _site(report.site) if report.site else None,
        "verdict": report.verdict,
        "headline": report.headline,
        "backends": [_backend(backend) for backend in report.backends],
        "looked_at": looked_at_json(report.looked_at) if report.looked_at else None,
        "suffering": report.suffering,
        "clients": [client_json(it) for it in report.clients],
        "environments": [environment_json(it) for it in report.environments],
        "environments_not_read": report.environments_not_read,
        "load": load_json(report.load) if report.load else None,
        "load_not_read": report.load_not_read,
        "findings": [_finding(finding) for finding in report.findings],
        "options": [option_json(option) for option in report.options],
        "recommended": report.recommended,
        "undecided": [{"rule": it.rule, "because": it.because} for it in report.undecided],
        "notes": list(report.notes),
        "made": report.made.isoformat(),
    }


def _site(site: SiteFacts) -> dict[str, Any]:
    return {name: getattr(site, name) for name in SiteFacts.__slots__}


def _backend(backend: BackendFacts) -> dict[str, Any]:
    return {
        "pool": backend.pool,
        "http_settings": backend.http_settings,
        "server": backend.server,
        "port": backend.port,
        "protocol": backend.protocol,
        "transport": backend.transport,
        "listeners": list(backend.listeners),
        "health": backend.health,
        "health_message": backend.health_message,
        "probe": {
            "sni": backend.probe.sni,
            "host": backend.probe.host,
            "path": backend.probe.path,
        },
        "stored_certificates": [
            {
                "name": it.name,
                "certificate": _certificate(it.certificate) if it.certificate else None,
                "unreadable": it.unreadable,
            }
            for it in backend.stored
        ],
        "handshakes": [
            {
                "sni": it.sni,
                "ok": it.ok,
                "error": it.error,
                "tls": it.tls,
                "chain": [_certificate(certificate) for certificate in it.chain],
            }
            for it in backend.handshakes
        ],
        "http": None if backend.http_status is None else {"status": backend.http_status},
        "not_tried": backend.not_tried,
    }


def _certificate(certificate: Certificate) -> dict[str, Any]:
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "sha256": certificate.sha256,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "dns_names": list(certificate.dns_names),
        "is_ca": certificate.is_ca,
    }


def _finding(finding: FindingFacts) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "http_settings": finding.http_settings,
        "server": finding.server,
        "concerns": finding.concerns,
        "sites": list(finding.sites),
        "ended_by": list(finding.ended_by),
        "summary": finding.summary,
        "evidence": [evidence.text for evidence in finding.evidence],
        "commands": [evidence.command for evidence in finding.evidence if evidence.command],
        "sources": list(finding.sources),
    }
