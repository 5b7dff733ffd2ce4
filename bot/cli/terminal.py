"""A report for the terminal: verdict, evidence, options. Colour is never the only sign."""

from collections.abc import Iterator

from bot.cli.lines import DEEP, cleaned
from bot.cli.lines import clean as _clean
from bot.cli.lines import wrapped as _wrapped
from bot.core.model.certificate import Certificate
from bot.core.report.looked_at import VerdictWord, scope_words, verdict_word
from bot.core.report.option_facts import OptionFacts, to_do
from bot.core.report.report import BackendFacts, FindingFacts, HandshakeFacts, Report, told_once

RED, GREEN, YELLOW, BOLD, DIM, PLAIN = (
    "\033[31m",
    "\033[32m",
    "\033[33m",
    "\033[1m",
    "\033[2m",
    "\033[0m",
)
VERDICT: dict[VerdictWord, tuple[str, str]] = {
    "fault": ("FAULT", RED),
    "healthy": ("HEALTHY", GREEN),
    "no_fault_seen": ("NO FAULT SEEN", GREEN),
    "undecided": ("UNDECIDED", YELLOW),
}


def render(report: Report, *, colour: bool) -> str:
    """The whole report as text."""
    text = "\n".join(_lines(cleaned(report)))
    return text if colour else _without_colour(text)


def _lines(report: Report) -> Iterator[str]:
    word, tint = VERDICT[verdict_word(report.verdict, report.looked_at)]
    gateway = report.gateway
    yield f"{BOLD}{tint}{word}{PLAIN}  {BOLD}{_clean(report.headline)}{PLAIN}"
    if report.suffering:
        yield _wrapped(_clean(report.suffering))
    scope = "" if report.verdict == "healthy" else scope_words(report.looked_at)
    if scope:
        yield _wrapped(f"{scope}.")
    yield f"{DIM}{gateway.resource_group}/{gateway.name}, {gateway.tier} ({gateway.generation}),"
    yield f"{gateway.operational_state}, {gateway.provisioning_state}{PLAIN}"
    for backend in report.backends:
        yield ""
        yield from _backend(backend)
    # Each backend's own facts are above.
    for finding, *_ in told_once(report.findings):
        yield ""
        yield from _finding(finding)
    if report.undecided:
        yield f"\n{BOLD}Not decided{PLAIN}"
        reasons: dict[str, list[str]] = {}
        for it in report.undecided:
            reasons.setdefault(it.because, []).append(it.rule)
        for because, rules in reasons.items():
            yield _wrapped(f"- {because} ({', '.join(rules)})")
    if report.options:
        yield f"\n{BOLD}Options{PLAIN}"
        for option in sorted(report.options, key=lambda it: (not it.recommended, not it.works)):
            yield from _option(option, steps=option.works or option is to_do(report.options))
    for note in report.notes:
        yield f"\n{DIM}{_wrapped(f'Note: {note}')}{PLAIN}"
    if report.help_url:
        yield f"\nThe cause is not known. If these steps do not help, ask Microsoft support: {report.help_url}"


def _backend(backend: BackendFacts) -> Iterator[str]:
    yield f"{BOLD}Backend {backend.server}:{backend.port}{PLAIN} ({backend.pool} / {backend.http_settings})"
    yield f"  serves      {', '.join(backend.listeners)}"
    said = f": {_clean(backend.health_message)}" if backend.health_message else ""
    yield _wrapped(f"the gateway says {backend.health}{said}", "  ", DEEP)
    sni = f"SNI {backend.probe.sni}" if backend.probe.sni else "no SNI"
    if backend.transport == "tcp":
        yield "  probe opens a TCP connection"
    elif backend.transport == "tls":
        yield f"  probe begins TLS with {sni}"
    elif backend.protocol == "https":
        yield f"  probe sends {sni}, Host {backend.probe.host}, path {backend.probe.path}"
    else:
        yield f"  probe sends Host {backend.probe.host}, path {backend.probe.path}"
    if backend.not_tried:
        yield _wrapped(f"not reached: {_clean(backend.not_tried)}", "  ", DEEP)
    for handshake in backend.handshakes:
        yield from _handshake(handshake)
    for stored in backend.stored:
        found = (
            _shown(stored.certificate)
            if stored.certificate
            else f"not readable: {stored.unreadable}"
        )
        yield f"  gateway has {stored.name}: {found}"


def _handshake(handshake: HandshakeFacts) -> Iterator[str]:
    asked = f"SNI {handshake.sni}" if handshake.sni else "without SNI"
    if handshake.chain:
        yield f"  {asked}: {_shown(handshake.chain[0])}"
    else:
        yield f"  {asked}: {_clean(handshake.error or 'no certificate')}"


def _shown(certificate: Certificate) -> str:
    return (
        f"{_clean(certificate.subject)}, by {_clean(certificate.issuer)},"
        f" to {certificate.not_after:%Y-%m-%d}, SHA-256 {certificate.sha256[:16]}..."
    )


def _finding(finding: FindingFacts) -> Iterator[str]:
    tint = {"error": RED, "warning": YELLOW, "info": DIM}[finding.severity]
    sure = "" if finding.confidence == "high" else f", confidence {finding.confidence}"
    yield f"{tint}{finding.severity.upper()}{PLAIN} {BOLD}{finding.rule}{PLAIN}{sure}"
    yield _wrapped(_clean(finding.summary), "  ", "  ")
    for evidence in finding.evidence:
        yield _wrapped(f"- {_clean(evidence.text)}", "  ", "    ")
        if evidence.command:
            yield f"    {DIM}$ {evidence.command}{PLAIN}"


def _option(option: OptionFacts, *, steps: bool) -> Iterator[str]:
    mark = "RECOMMENDED" if option.recommended else "works" if option.works else "no"
    tint = GREEN if option.works else DIM
    with_too = f" with {option.together_with}" if option.together_with else ""
    yield f"  {tint}{mark:<12}{PLAIN}{BOLD}{option.title}{PLAIN} [{option.id}{with_too}]"
    yield _wrapped(_clean(option.reason), DEEP, DEEP)
    if steps:
        for number, step in enumerate(option.steps, 1):
            yield _wrapped(f"{number}. {step}", DEEP, f"{DEEP}   ")


def _without_colour(text: str) -> str:
    for code in (RED, GREEN, YELLOW, BOLD, DIM, PLAIN):
        text = text.replace(code, "")
    return text
