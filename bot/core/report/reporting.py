"""Case, diagnosis and trials -> the report that everything shows."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import assert_never

from bot.core.analysis.reported_health import why_not_reached
from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis
from bot.core.case.finding import Finding
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView, view_of
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway
from bot.core.model.health import HealthNotKnown
from bot.core.model.observation import Answered, HandshakeFailed, Observation, Response
from bot.core.remedies.handed_certificate import wanted
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import recommended
from bot.core.report.client_facts import client_facts
from bot.core.report.environment_facts import environment_facts, environment_note, not_looked_up
from bot.core.report.headline import answer_to, answered_first, ended_by, fault_key
from bot.core.report.load_facts import load_facts, load_not_read, load_note
from bot.core.report.looked_at import LookedAt, healthy_words, looked_at
from bot.core.report.option_facts import option_facts
from bot.core.report.policy_notes import policy_notes
from bot.core.report.report import (
    BackendFacts,
    FindingFacts,
    GatewayFacts,
    HandshakeFacts,
    Open,
    ProbeFacts,
    Report,
    SiteFacts,
    StoredFacts,
)
from bot.core.report.suffering import who_suffers
from bot.core.routing.agic import agic_marks
from bot.core.routing.gateway_request import transport_of
from bot.core.routing.serving_route import ServedSite, serves

SUPPORT = "https://learn.microsoft.com/azure/azure-portal/supportability/how-to-create-azure-support-request"


def make_report(
    case: Case,
    diagnosis: Diagnosis,
    trials: tuple[Trial, ...],
    rules: Iterable[Rule],
    began: datetime,
    served: ServedSite | None = None,
) -> Report:
    """Everything that was found, as plain facts; `began` is when the work started.

    What concerns the site that was asked about comes first.
    """
    backends = sorted(
        case.backends, key=lambda it: served is not None and not serves(it, served.route)
    )
    # Who asked about a site wants an answer for that; else the fault comes first that has an answer.
    best = answer_to(diagnosis, trials) if served else recommended(trials)
    diagnosis = diagnosis if served else answered_first(diagnosis, best)
    known = {rule.id: rule for rule in rules}
    answers = ended_by(trials)
    looked = looked_at(case)
    conclusion = _conclusion(diagnosis, looked)
    clients = client_facts(case)
    return Report(
        gateway=_gateway(case.gateway),
        verdict=diagnosis.verdict,
        headline=f"{case.gateway.name}: {conclusion}{_elsewhere(diagnosis)}",
        backends=tuple(_backend(view_of(case, backend)) for backend in backends),
        findings=tuple(
            _finding(it, known[it.rule], answers.get(fault_key(it), ()))
            for it in diagnosis.findings
        ),
        options=tuple(option_facts(trial, best) for trial in trials),
        recommended=best.option.id if best else None,
        undecided=tuple(
            dict.fromkeys(Open(it.rule, it.undecided.because) for it in diagnosis.undecided)
        ),
        notes=tuple(_notes(case, diagnosis)),
        help_url=SUPPORT if diagnosis.errors and best is None else None,
        made=case.now,
        seconds=(case.now - began).total_seconds(),
        site=_site(served) if served else None,
        environments=tuple(environment_facts(case)),
        environments_not_read=not_looked_up(case),
        load=load_facts(case),
        load_not_read=load_not_read(case),
        conclusion=conclusion,
        clients=clients,
        suffering=who_suffers(
            clients,
            _sites_at_fault(diagnosis),
            stopped=case.gateway.is_down,
            proxied=_proxied_at_fault(diagnosis),
        ),
        looked_at=looked,
        wanted=wanted(case) if diagnosis.verdict == "fault" else None,
    )


def _site(served: ServedSite) -> SiteFacts:
    site, route = served.site, served.route
    return SiteFacts(
        site.host,
        site.path,
        route.listener.name,
        route.rule.name,
        route.pool.name,
        route.settings.name,
    )


def _conclusion(diagnosis: Diagnosis, looked: LookedAt) -> str:
    match diagnosis.verdict:
        case "fault":
            return diagnosis.errors[0].match.summary
        case "undecided":
            return f"undecided, because {diagnosis.undecided[0].undecided.because}"
        case "healthy":
            return healthy_words(looked)
        case _ as never:
            assert_never(never)


def _elsewhere(diagnosis: Diagnosis) -> str:
    others = len({it.match.backend for it in diagnosis.errors}) - 1
    return f" ({others} more backend{'s' * (others > 1)} at fault)" if others > 0 else ""


def _sites_at_fault(diagnosis: Diagnosis) -> frozenset[str]:
    return frozenset(site for it in diagnosis.errors for site in it.match.sites)


def _proxied_at_fault(diagnosis: Diagnosis) -> tuple[str, ...]:
    """The listeners of the TCP/TLS proxy that lead to a backend with a fault."""
    backends = [it.match.backend for it in diagnosis.errors]
    layer4 = [it for it in backends if it is not None and it.settings.layer4]
    return tuple(dict.fromkeys(route.listener.name for it in layer4 for route in it.routes))


def _gateway(gateway: Gateway) -> GatewayFacts:
    return GatewayFacts(
        id=gateway.id,
        name=gateway.name,
        resource_group=gateway.resource_group,
        subscription=gateway.subscription,
        location=gateway.location,
        tier=gateway.tier,
        generation=gateway.generation,
        operational_state=gateway.operational_state,
        provisioning_state=gateway.provisioning_state,
        etag=gateway.etag,
    )


def _backend(view: BackendView) -> BackendFacts:
    sent = view.probe_request
    health = view.server_health
    outcome = view.connection
    answer = view.outcome
    reached = isinstance(outcome, Answered | HandshakeFailed)
    http = answer.http if isinstance(answer, Answered) else None
    return BackendFacts(
        pool=view.pool.name,
        http_settings=view.settings.name,
        server=view.server,
        port=sent.port,
        protocol=sent.protocol,
        listeners=view.backend.served,
        health=health.state if health else "unknown",
        health_message=health.message if health else None,
        probe=ProbeFacts(
            sent.sni if sent.protocol == "https" else None,
            sent.host,
            sent.path,
            sent.interval,
            sent.timeout,
        ),
        stored=tuple(_stored(view)),
        handshakes=tuple(_handshakes(view)),
        http_status=http.status if isinstance(http, Response) else None,
        not_tried=None if reached else why_not_reached(outcome),
        transport=transport_of(sent),
    )


def _stored(view: BackendView) -> Iterator[StoredFacts]:
    gateway = view.gateway
    for it in (*gateway.allow_list(view.settings), *gateway.roots(view.settings)):
        match it.certificate:
            case Certificate() as certificate:
                yield StoredFacts(it.name, certificate, None)
            case unreadable:
                yield StoredFacts(it.name, None, unreadable.reason)


def _handshakes(view: BackendView) -> Iterator[HandshakeFacts]:
    """One for each SNI tried, the gateway's own first."""
    wanted = view.case.resolve_alias(view.probe_attempt)
    if not wanted.tls:
        return
    here = [
        it
        for it in view.case.observations_at(wanted.server, wanted.port)
        if (it.attempt.tls, it.attempt.hello) == (True, wanted.hello)
    ]
    shown: set[str | None] = set()
    for it in sorted(here, key=lambda each: each.attempt.sni != wanted.sni):
        if it.attempt.sni not in shown and isinstance(it.outcome, Answered | HandshakeFailed):
            shown.add(it.attempt.sni)
            yield _handshake(it)


def _handshake(it: Observation) -> HandshakeFacts:
    match it.outcome:
        case Answered(handshake=handshake) if handshake is not None:
            return HandshakeFacts(it.attempt.sni, True, None, handshake.tls, handshake.chain)
        case outcome:
            return HandshakeFacts(it.attempt.sni, False, why_not_reached(outcome), None, ())


def _finding(finding: Finding, rule: Rule, ended_by: tuple[str, ...]) -> FindingFacts:
    backend = finding.match.backend
    settings, server = finding.match.beyond or (None, None)
    if backend is not None:
        settings, server = backend.settings.name, backend.server
    return FindingFacts(
        rule=finding.rule,
        severity=finding.severity,
        confidence=finding.match.confidence,
        http_settings=settings,
        server=server,
        summary=finding.match.summary,
        cause=rule.cause,
        remedy=rule.remedy,
        evidence=finding.match.evidence,
        sources=finding.sources,
        concerns=finding.match.concerns or ("gateway" if server is None else "probe"),
        sites=finding.match.sites,
        ended_by=ended_by,
    )


def _notes(case: Case, diagnosis: Diagnosis) -> Iterator[str]:
    if agic_marks(case.gateway):
        yield "An ingress controller (AGIC) owns this gateway and will overwrite a change made here"
    yield from policy_notes(case.gateway)
    yield from case.gateway.notes
    yield from case.unread
    yield from map(environment_note, environment_facts(case))
    if isinstance(case.health, HealthNotKnown):
        yield f"Backend health is not known: {case.health.reason}"
    if not case.backends:
        yield "No listener leads to a backend pool with a member, so there is nothing to probe."
    load = load_note(case)
    # Where a fault was found, nobody has to ask whether it might have been the load.
    if load and not diagnosis.errors:
        yield load
