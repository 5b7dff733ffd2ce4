"""A whole report for the terminal: verdict, backends, findings with cause and sources, options, commands, notes."""

from collections.abc import Iterator

from bot.cli.page import BLANK, Line, command, shown
from bot.cli.steps import step_lines
from bot.core.case.diagnosis import Verdict
from bot.core.model.certificate import Certificate
from bot.core.remedies.code import AZURE_CLI
from bot.core.report.looked_at import scope_words, verdict_said
from bot.core.report.option_facts import OptionFacts, ranked, to_do
from bot.core.report.report import (
    BackendFacts,
    FindingFacts,
    GatewayFacts,
    HandshakeFacts,
    Report,
    told_once,
)

DEEP = " " * 14
TINTS: dict[Verdict, str] = {"fault": "red", "healthy": "green", "undecided": "yellow"}
SEVERITY = {"error": "red", "warning": "yellow", "info": "dim"}


def render(report: Report, *, colour: bool, width: int) -> str:
    """The whole report as text."""
    return shown(_lines(report), colour=colour, width=width)


def verdict_line(report: Report, said: str) -> Line:
    """The verdict in words, also without its colour, and what is said beside it."""
    word = verdict_said(report.verdict, report.looked_at).upper()
    return Line(said, f"{word}  ", "bold", f"bold {TINTS[report.verdict]}")


def _gateway(gateway: GatewayFacts) -> str:
    return (
        f"{gateway.resource_group}/{gateway.name}, {gateway.tier} ({gateway.generation}),"
        f" {gateway.operational_state}, {gateway.provisioning_state}"
    )


def _lines(report: Report) -> Iterator[Line]:
    yield verdict_line(report, report.headline)
    if report.suffering:
        yield Line(report.suffering)
    scope = "" if report.verdict == "healthy" else scope_words(report.looked_at)
    if scope:
        yield Line(f"{scope}.")
    yield Line(_gateway(report.gateway), style="dim")
    for backend in report.backends:
        yield BLANK
        yield from _backend(backend)
    # Each backend's own facts are above.
    for finding, *_ in told_once(report.findings):
        yield BLANK
        yield from _finding(finding)
    if report.undecided:
        yield from _heading("Not decided")
        reasons: dict[str, list[str]] = {}
        for it in report.undecided:
            reasons.setdefault(it.because, []).append(it.rule)
        for because, rules in reasons.items():
            yield Line(f"{because} ({', '.join(rules)})", "- ")
    if report.options:
        yield from _heading("Options")
        for option in ranked(report.options):
            yield from _option(option, steps=option.works or option is to_do(report.options))
    for note in report.notes:
        yield BLANK
        yield Line(f"Note: {note}", style="dim")
    if report.help_url:
        yield BLANK
        yield Line(not_known(report.help_url))


def not_known(help_url: str) -> str:
    """Whom to ask where nothing here is known to help."""
    return f"The cause is not known. If these steps do not help, ask Microsoft support: {help_url}"


def _heading(text: str) -> Iterator[Line]:
    yield BLANK
    yield Line(text, style="bold")


def _backend(backend: BackendFacts) -> Iterator[Line]:
    place = f"Backend {backend.server}:{backend.port}"
    yield Line(f"({backend.pool} / {backend.http_settings})", f"{place} ", lead_style="bold")
    yield Line(", ".join(backend.listeners), "  serves      ")
    said = f": {backend.health_message}" if backend.health_message else ""
    yield Line(f"{backend.health}{said}", "  gateway says  ")
    yield Line(_probe(backend), "  probe ")
    if backend.not_tried:
        yield Line(backend.not_tried, "  not reached: ")
    for handshake in backend.handshakes:
        yield _handshake(handshake)
    for stored in backend.stored:
        found = (
            _shown(stored.certificate)
            if stored.certificate
            else f"not readable: {stored.unreadable}"
        )
        yield Line(f"gateway has {stored.name}: {found}", "  ")


def _probe(backend: BackendFacts) -> str:
    sni = f"SNI {backend.probe.sni}" if backend.probe.sni else "no SNI"
    asks = f"Host {backend.probe.host}, path {backend.probe.path}"
    if backend.transport == "tcp":
        return "opens a TCP connection"
    if backend.transport == "tls":
        return f"begins TLS with {sni}"
    return f"sends {sni}, {asks}" if backend.protocol == "https" else f"sends {asks}"


def _handshake(handshake: HandshakeFacts) -> Line:
    asked = f"SNI {handshake.sni}" if handshake.sni else "without SNI"
    got = _shown(handshake.chain[0]) if handshake.chain else handshake.error or "no certificate"
    return Line(f"{asked}: {got}", "  ")


def _shown(certificate: Certificate) -> str:
    return (
        f"{certificate.subject}, by {certificate.issuer},"
        f" to {certificate.not_after:%Y-%m-%d}, SHA-256 {certificate.sha256[:16]}..."
    )


def _finding(finding: FindingFacts) -> Iterator[Line]:
    sure = "" if finding.confidence == "high" else f", confidence {finding.confidence}"
    severity = f"{finding.severity.upper()} "
    yield Line(f"{finding.rule}{sure}", severity, "bold", SEVERITY[finding.severity])
    yield Line(finding.summary, "  ")
    yield Line(f"Cause: {finding.cause}", "  ")
    yield Line(f"Remedy: {finding.remedy}", "  ")
    for evidence in finding.evidence:
        yield Line(evidence.text, "  - ")
        if evidence.command:
            yield command(evidence.command, 4)
    for source in finding.sources:
        yield Line(source, "  ", "dim")


def _option(option: OptionFacts, *, steps: bool) -> Iterator[Line]:
    mark = "RECOMMENDED" if option.recommended else "works" if option.works else "no"
    tint = "green" if option.works else "dim"
    with_too = f" with {option.together_with}" if option.together_with else ""
    yield Line(f"{option.title} [{option.id}{with_too}]", f"  {mark:<12}", "bold", tint)
    yield Line(option.reason, DEEP)
    if steps:
        yield from step_lines(option.steps, len(DEEP))
    for language, code in option.as_code if option.works else ():
        if language == AZURE_CLI and not option.steps:
            yield Line("The same with the Azure CLI:", DEEP)
            yield from (command(it) for it in code.split("\n"))
