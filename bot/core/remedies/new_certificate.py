"""What the options share that have another certificate installed on a backend: what there is, and what it has to be.

Such a certificate is only supposed, so that it can be tried on paper; whoever follows the steps
(`bot.core.remedies.certificate_steps`) makes it real.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.reported_health import why_not_reached
from bot.core.arm.edit import Edit
from bot.core.arm.gateway_reader import Document
from bot.core.case.case import AssumedCertificate, Case
from bot.core.model.certificate import Certificate
from bot.core.model.observation import PUBLIC, Handshake
from bot.core.remedies import edit_builder
from bot.core.remedies.ilb_trust import reason_not_to_trust
from bot.core.remedies.option import NotApplicable
from bot.core.routing.routes import Backend

PUBLIC_CA = "a public CA"


def served_by(case: Case, backend: Backend) -> Handshake | NotApplicable:
    """The handshake of the gateway's probe with at least one certificate; else why nothing can be built on it."""
    if case.probe_request(backend).protocol != "https":
        return NotApplicable("the backend is not spoken to over TLS")
    attempt = case.probe_attempt(backend)
    handshake = case.handshake(attempt)
    if handshake is None or handshake.leaf is None:
        return NotApplicable(
            f"the certificate could not be read: {why_not_reached(case.connection(attempt))}"
        )
    return reason_not_to_trust(case, backend) or handshake


def fault_kind(case: Case, backend: Backend) -> str | None:
    """What is wrong with the chain, if that is known."""
    fault = chain_fault(case, backend)
    return fault.kind if isinstance(fault, ChainFault) else None


def valid_roots(case: Case, backend: Backend) -> tuple[Certificate, ...]:
    """The roots of the settings that are in date."""
    stored = (it.certificate for it in case.gateway.roots(backend.settings))
    return tuple(it for it in stored if isinstance(it, Certificate) and it.valid_at(case.now))


def accepted_issuer(case: Case, backend: Backend, handshake: Handshake) -> str | None:
    """Who may issue a new one: with roots listed only those count (ssl-overview), preferably today's.

    None: roots are listed, and none of them is valid any more.
    """
    if case.gateway.generation == "v1":
        return handshake.chain[0].issuer
    if not case.gateway.roots(backend.settings):
        return PUBLIC_CA
    of_today = {trust.anchor for trust in handshake.trust if trust.code == 0}
    roots = sorted(valid_roots(case, backend), key=lambda root: root.sha256 not in of_today)
    return roots[0].subject if roots else None


def accepted_anchors(case: Case, backend: Backend) -> tuple[str, ...]:
    """Where a chain may end that the gateway accepts; nothing if roots are listed and none is valid any more."""
    if not case.gateway.roots(backend.settings):
        return (PUBLIC,)
    return tuple(it.sha256 for it in valid_roots(case, backend))


def from_ca(case: Case, issuer: str) -> str:
    """Whose certificate it may be, as it reads after a verb; v1 compares the certificate and asks for no CA."""
    if case.gateway.generation == "v1":
        return ""
    ends = issuer if issuer == PUBLIC_CA else f"a CA whose chain ends in {issuer}"
    return f" from {ends}"


def renewed(case: Case, old: Certificate) -> Certificate:
    """The same certificate with dates that are good today."""
    return replace(
        old,
        sha256=f"supposed {old.sha256}",
        not_before=case.now - timedelta(days=1),
        not_after=case.now + timedelta(days=365),
        der=b"supposed " + old.der,
    )


def serves(case: Case, backend: Backend, wanted: Certificate) -> AssumedCertificate:
    """That the backend served it, with its whole chain."""
    return AssumedCertificate(backend.server, case.probe_request(backend).port, wanted)


def listed_on_v1(
    case: Case, document: Document, backend: Backend, wanted: Certificate
) -> tuple[Edit, ...]:
    """What allow-lists it: v1 compares the certificate itself."""
    if case.gateway.generation != "v1":
        return ()
    return edit_builder.trust_certificate(
        document, backend.settings, "authenticationCertificates", (), wanted
    )


def joined(parts: Iterable[str]) -> str:
    """Words as one list."""
    return ", and ".join(parts)
