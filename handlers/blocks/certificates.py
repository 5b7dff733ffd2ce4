"""Certificates side by side: what the backend serves with and without SNI, and what the gateway holds to compare."""

from collections.abc import Iterable

from bot.core.model.certificate import Certificate
from bot.core.model.generation import TRAITS, Generation
from bot.core.report.report import BackendFacts, HandshakeFacts, StoredFacts
from handlers.blocks.kit import Block, fields
from handlers.blocks.text import code, day, outside

MOST_EACH = 2
SHORT_SHA = 16
"""Hex digits of a fingerprint shown where it only has to be distinguishable from another."""


def side_by_side(backend: BackendFacts, generation: Generation) -> Block | None:
    """The certificates of one backend; None if none was seen and the gateway holds none."""
    served = [_served(it, backend, generation) for it in _alike(backend.handshakes)[:MOST_EACH]]
    kept = [_kept(it, generation) for it in backend.stored[:MOST_EACH]]
    return fields([*served, *kept]) if served or kept else None


def _alike(handshakes: Iterable[HandshakeFacts]) -> list[list[HandshakeFacts]]:
    """Those together that brought the same chain, so that no certificate is told twice."""
    same: dict[object, list[HandshakeFacts]] = {}
    for it in handshakes:
        brought = tuple(sent.sha256 for sent in it.chain) or (it.sni, it.error)
        same.setdefault(brought, []).append(it)
    return list(same.values())


def _served(alike: list[HandshakeFacts], backend: BackendFacts, generation: Generation) -> str:
    made = alike[0]
    asked = [f"with SNI {code(it.sni, 80)}" if it.sni else "without SNI" for it in alike]
    own = " (as the gateway asks)" if any(it.sni == backend.probe.sni for it in alike) else ""
    told = " and ".join(asked)
    head = f"*{told[:1].upper()}{told[1:]}*{own}"
    if not made.chain:
        return f"{head}\nno certificate: {outside(made.error or 'the backend sent none')}"
    match = _match(made, backend.stored, generation)
    return "\n".join(filter(None, (head, *_certificate(made.chain[0]), match)))


def _match(
    made: HandshakeFacts, stored: tuple[StoredFacts, ...], generation: Generation
) -> str | None:
    """v1 compares the leaf itself with the allow list; a v2 root is rarely sent, so only a match means something."""
    sent = made.chain if TRAITS[generation].verifies_chain else made.chain[:1]
    known = {it.certificate.sha256: it.name for it in stored if it.certificate}
    name = next((known[it.sha256] for it in sent if it.sha256 in known), None)
    if name is not None:
        words = (
            "ends in the trusted root" if TRAITS[generation].verifies_chain else "allow-listed as"
        )
        return f":white_check_mark: {words} {code(name, 80)}"
    return None if TRAITS[generation].verifies_chain else ":x: not allow-listed"


def _kept(stored: StoredFacts, generation: Generation) -> str:
    head = f"*{'Trusted root' if TRAITS[generation].verifies_chain else 'Allow-listed'}* {code(stored.name, 80)}"
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
