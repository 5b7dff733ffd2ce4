"""What the options share that have another certificate installed on a backend: what there is, and what is needed.

Such a certificate is only assumed, so that it can be tried on paper; whoever follows the steps
(`bot.core.remedies.certificate_steps`) makes it real.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.core.analysis.chain_fault import ChainFault, ChainFaultKind, chain_fault
from bot.core.analysis.reported_health import why_not_reached
from bot.core.arm.document import Document
from bot.core.arm.edit import Edit
from bot.core.case.case import AssumedCertificate, Case
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.marked import mark
from bot.core.model.observation import PUBLIC, Handshake
from bot.core.remedies import edit_builder
from bot.core.remedies.ilb_trust import reason_not_to_trust
from bot.core.remedies.option import NotApplicable

PUBLIC_CA = "a public CA"

REFUSED: frozenset[ChainFaultKind] = frozenset(
    {
        "issuer_not_ca",
        "path_length_exceeded",
        "certificate_purpose_unfit",
        "name_constraint_violated",
        "signature_invalid",
        "certificate_too_weak",
        "certificate_revoked",
        "chain_check_failed",
    }
)


def served_by(view: BackendView) -> Handshake | NotApplicable:
    """The handshake of the gateway's probe with at least one certificate; else why there is nothing to go on."""
    if view.request.protocol != "https":
        return NotApplicable("the gateway does not use TLS to this backend")
    attempt = view.attempt
    handshake = view.case.handshake(attempt)
    if handshake is None or handshake.leaf is None:
        return NotApplicable(
            f"the certificate could not be read: {why_not_reached(view.case.connection(attempt))}"
        )
    return reason_not_to_trust(view) or handshake


def fault_kind(view: BackendView) -> str | None:
    """What is wrong with the chain, if that is known."""
    fault = chain_fault(view)
    return fault.kind if isinstance(fault, ChainFault) else None


def refused_certificate(view: BackendView) -> ChainFault | None:
    """The fault that a certificate of the chain has by itself: only another one helps, whatever the roots are."""
    fault = chain_fault(view)
    own = isinstance(fault, ChainFault) and fault.kind in REFUSED
    return fault if isinstance(fault, ChainFault) and own else None


def valid_roots(view: BackendView) -> tuple[Certificate, ...]:
    """The roots of the settings that are in date."""
    stored = (it.certificate for it in view.gateway.roots(view.settings))
    return tuple(it for it in stored if isinstance(it, Certificate) and it.valid_at(view.case.now))


def accepted_issuer(view: BackendView, handshake: Handshake) -> str | None:
    """Who may issue a new one: with roots listed, only those count (ssl-overview), preferably today's.

    None: roots are listed, and none of them is known to be valid: `why_no_issuer` says why.
    """
    if not view.gateway.traits.verifies_chain:
        return handshake.chain[0].issuer
    if not view.gateway.roots(view.settings):
        return PUBLIC_CA
    of_today = handshake.anchors
    roots = sorted(valid_roots(view), key=lambda root: root.sha256 not in of_today)
    return roots[0].subject if roots else None


def why_no_issuer(view: BackendView) -> str:
    """Why nobody is known who may issue a new one, where roots are listed."""
    roots = view.gateway.roots(view.settings)
    unread = [it for it in roots if isinstance(it.certificate, Unreadable)]
    if unread:
        # MicrosoftDocs/azure-docs, issue 91051: a file that is no certificate was uploaded as a root.
        names = enumerated(mark(it.name) for it in unread)
        return (
            f"which roots the settings trust is not known: {names} cannot be read here. Upload the root again as one"
            " certificate (Base-64 .CER), or compare it with whoever runs the CA"
        )
    return "none of the roots that the settings trust is valid any more"


def accepted_anchors(view: BackendView) -> tuple[str, ...]:
    """Where a chain may end that the gateway accepts; nothing if roots are listed and none is valid any more."""
    if not view.gateway.roots(view.settings):
        return (PUBLIC,)
    return tuple(it.sha256 for it in valid_roots(view))


def from_ca(case: Case, issuer: str) -> str:
    """Whose certificate it may be, as it reads after a verb; v1 compares the certificate and checks no CA."""
    if not case.gateway.traits.verifies_chain:
        return ""
    ends = issuer if issuer == PUBLIC_CA else f"a CA whose chain ends in {mark(issuer)}"
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


def assume_served(
    view: BackendView,
    wanted: Certificate,
    issuers: tuple[Certificate, ...] = (),
    anchors: tuple[str, ...] | None = None,
) -> AssumedCertificate:
    """That the backend served it, with its whole chain; where a client's request is looked at, for that SNI only."""
    return AssumedCertificate(
        view.server, view.request.port, wanted, issuers, anchors, view.named_by_client
    )


def listed_on_v1(view: BackendView, document: Document, wanted: Certificate) -> tuple[Edit, ...]:
    """What allow-lists it: v1 compares the certificate itself."""
    if view.gateway.traits.verifies_chain:
        return ()
    return edit_builder.trust_certificate(
        document, view.settings, view.gateway.traits.trust_collection, (), wanted
    )


def enumerated(parts: Iterable[str]) -> str:
    """Several things as one list."""
    return ", and ".join(parts)
