"""What shows why a chain is not accepted: the chain as it was served, and OpenSSL's answers to it."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.chain_cause import Cause
from bot.core.case.finding import Evidence
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark
from bot.core.model.observation import PUBLIC, Handshake, Trust


def chain_evidence(
    view: BackendView, seen: Handshake, answers: tuple[Trust, ...], cause: Cause | None
) -> tuple[Evidence, ...]:
    """The chain, the answer for each root that counts, and the certificate that the code is about."""
    chain = "; ".join(f"{mark(it.subject)} issued by {mark(it.issuer)}" for it in seen.chain)
    served = Evidence(f"served chain: {chain}", commands.openssl(view.attempt))
    stored = {
        it.certificate.sha256: it.name
        for it in view.gateway.roots(view.settings)
        if isinstance(it.certificate, Certificate)
    }
    tried = (
        Evidence(
            f"against {_anchor_name(answer.anchor, stored)}: {answer.text} (OpenSSL code {answer.code}{_at(answer)})",
            commands.show_settings(view.gateway, view.backend),
        )
        for answer in answers
    )
    return (served, *tried, *(_about(view, cause) if cause else ()))


def _about(view: BackendView, cause: Cause) -> Iterator[Evidence]:
    if cause.culprit is not None:
        at = "" if cause.depth is None else f", at depth {cause.depth} of the chain"
        yield Evidence(
            f"the certificate that the code is about{at}: {_identified(cause.culprit)}",
            commands.show_chain(view.attempt),
        )
    if cause.namesake is not None:
        yield Evidence(f"of the same name, with another key: {_identified(cause.namesake)}")


def _identified(certificate: Certificate) -> str:
    key = f", key identifier {certificate.key_id}" if certificate.key_id else ""
    wanted = certificate.issuer_key_id
    issuer = f", issued with the key {wanted}" if wanted and not certificate.self_issued else ""
    return f"{mark(certificate.subject)} (SHA-256 {certificate.sha256}{key}{issuer})"


def _at(answer: Trust) -> str:
    return "" if answer.depth is None else f" at depth {answer.depth}"


def _anchor_name(anchor: str, stored: dict[str, str]) -> str:
    return "the public CAs" if anchor == PUBLIC else f"root {mark(stored[anchor])} ({anchor})"
