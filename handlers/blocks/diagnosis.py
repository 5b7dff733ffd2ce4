"""A report as a card shows it: verdict, the certificates side by side, what the gateway says, the options."""

from collections.abc import Iterable, Iterator

from bot.core.certificate import Certificate
from bot.core.report import BackendFacts, HandshakeFacts, OptionFacts, Report, StoredFacts
from handlers.blocks.kit import Block, context, fields, section, sections
from handlers.blocks.text import (
    HEALTH_EMOJI,
    SEVERITY_EMOJI,
    VERDICT_EMOJI,
    code,
    count,
    day,
    link,
    outside,
    sentence,
)

MOST_OPTIONS = 8
SHORT_SHA = 16
"""Hex digits of a fingerprint where it only has to be told from another one."""


def diagnosis(report: Report) -> Iterator[Block]:
    """Everything a person has to see of a report; details stand in the thread."""
    yield verdict(report)
    backend = focus(report)
    if backend is not None:
        yield from _backend(backend)
    yield from _also(report)
    yield from _open(report)
    yield from _options(report)
    if report.help_url:
        yield section(
            "Nothing that I know ends this. "
            + link(report.help_url, "Ask Microsoft's support")
            + " and hand over the evidence from the thread."
        )


def verdict(report: Report) -> Block:
    """The verdict in words, what it rests on in a sentence, and what to do."""
    name = outside(report.gateway.name, 80)
    words = {
        "fault": f"{name}: fault found",
        "undecided": f"{name}: not decided",
        "healthy": f"{name}: healthy",
    }
    lines = [
        f"{VERDICT_EMOJI[report.verdict]} *{words[report.verdict]}*",
        sentence(report.headline.removeprefix(f"{report.gateway.name}: "), 600),
    ]
    best = next((it for it in report.options if it.recommended), None)
    if best is not None:
        lines.append(f":bulb: *Recommended:* {outside(best.title)}")
    return section("\n".join(lines))


def facts(report: Report) -> str:
    """Which gateway this is, for the small print."""
    gateway = report.gateway
    where = f"{gateway.resource_group} in {gateway.location}"
    return f"{outside(gateway.tier)} ({gateway.generation}), {outside(where)}"


def focus(report: Report) -> BackendFacts | None:
    """The backend that the first fault is about; without a fault, none has to be shown."""
    for finding in report.findings:
        for backend in report.backends:
            same = (backend.http_settings, backend.server) == (
                finding.http_settings,
                finding.server,
            )
            if same and finding.severity == "error":
                return backend
    return None


def _backend(backend: BackendFacts) -> Iterator[Block]:
    served = [_handshake(it, backend) for it in backend.handshakes[:2]]
    kept = [_stored(it) for it in backend.stored[:2]]
    if served or kept:
        yield fields([*served, *kept])
    said = f" {outside(backend.health_message, 500)}" if backend.health_message else ""
    yield section(
        f"{HEALTH_EMOJI[backend.health]} *The gateway reports* {code(backend.server)}"
        f" *{backend.health}*" + (f"\n>{said}" if said else "")
    )
    if backend.not_tried:
        yield section(f"*Not seen by me:* {outside(backend.not_tried)}")


def _handshake(made: HandshakeFacts, backend: BackendFacts) -> str:
    asked = f"With SNI {code(made.sni, 80)}" if made.sni else "Without SNI"
    own = " (as the gateway asks)" if made.sni == backend.probe.sni else ""
    head = f"*{asked}*{own}"
    if not made.chain:
        return f"{head}\nno certificate: {outside(made.error or 'none was sent')}"
    leaf = made.chain[0]
    same = next((it.name for it in backend.stored if _sha(it) == leaf.sha256), None)
    match = f":white_check_mark: the one stored as {code(same, 80)}" if same else None
    if same is None and backend.stored:
        match = ":x: none of the stored ones"
    return "\n".join(filter(None, (head, *_certificate(leaf), match)))


def _stored(stored: StoredFacts) -> str:
    head = f"*Stored in the settings* as {code(stored.name, 80)}"
    if stored.certificate is None:
        return f"{head}\nnot readable: {outside(stored.unreadable or 'no certificate')}"
    return "\n".join((head, *_certificate(stored.certificate)))


def _certificate(it: Certificate) -> tuple[str, ...]:
    return (
        code(it.subject, 120),
        f"issued by {code(it.issuer, 120)}",
        f"SHA-256 {code(it.sha256[:SHORT_SHA])}...",
        f"valid until {day(it.not_after)}",
    )


def _sha(stored: StoredFacts) -> str | None:
    return stored.certificate.sha256 if stored.certificate else None


def _also(report: Report) -> Iterator[Block]:
    """The other findings, a line each; the first fault is the headline."""
    headline = next((it for it in report.findings if it.severity == "error"), None)
    others = [it for it in report.findings if it is not headline]
    lines = [f"{SEVERITY_EMOJI[it.severity]} {outside(it.summary, 300)}" for it in others[:4]]
    if len(others) > len(lines):
        lines.append(f"... and {count(len(others) - len(lines), 'more finding')}, see the thread")
    yield from sections(lines)


def _open(report: Report) -> Iterator[Block]:
    lines = [f"*Could not tell:* {outside(it.because)}" for it in report.undecided[:3]]
    more = len(report.undecided) - len(lines)
    if more > 0:
        lines.append(f"... and {count(more, 'more question')}, see the thread")
    if lines:
        yield section("\n".join(lines))
    notes = [outside(note) for note in report.notes[:3]]
    if notes:
        yield context(*notes)


def _options(report: Report) -> Iterator[Block]:
    ranked = ranked_options(report.options)
    shown = ranked[:MOST_OPTIONS]
    for option in shown:
        if option.works:
            head = f"*{outside(option.title)}* - {_standing(option)}"
            yield section(f"{head}\n{sentence(option.reason, 320)}")
    lines = [
        f":heavy_minus_sign: *{outside(it.title)}* - not here: {outside(it.reason, 240)}"
        for it in shown
        if not it.works
    ]
    if len(ranked) > MOST_OPTIONS:
        lines.append(f"... and {count(len(ranked) - MOST_OPTIONS, 'more option')}, see the thread")
    yield from sections(lines)


def ranked_options(options: Iterable[OptionFacts]) -> list[OptionFacts]:
    """The recommended first, then what works, then the rest; else in their own order."""
    return sorted(options, key=lambda it: (not it.recommended, not it.works))


def _standing(option: OptionFacts) -> str:
    if option.recommended:
        return ":white_check_mark: works, recommended" + ("" if option.automated else " (by hand)")
    return ":white_check_mark: works" + ("" if option.automated else " (by hand)")
