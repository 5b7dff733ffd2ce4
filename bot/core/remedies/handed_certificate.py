"""A certificate that a person hands in, where the gateway refuses one that our own connection did not get to see.

What it has to be follows from the generation of the gateway. That a backend really serves it nobody here has seen, so
nothing is tried on paper with it, and nothing says that it helps: the fault stays one of which that is not known.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from bot.core.analysis.health_message import MessageClass
from bot.core.analysis.reported_health import reported_class
from bot.core.analysis.weak_certificates import weaknesses
from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis
from bot.core.case.view import BackendView, views
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway
from bot.core.model.hostname import certificate_names
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import HandshakeFailed, NotConnected, NotTried
from bot.core.remedies import edit_builder
from bot.core.remedies.agic_steps import cluster_first
from bot.core.remedies.combining import Combined
from bot.core.remedies.foreseen import foreseen
from bot.core.remedies.option import Proposal
from bot.core.remedies.options import upload_ilb_certificate, upload_root_certificate
from bot.core.remedies.relief import Relief, faulty_parts
from bot.core.remedies.trial import CannotTell, Trial

Wanted = Literal["served", "root"]
"""Which certificate is asked for: the one that the backend serves (v1), or the root of its chain (v2)."""

WANTED_WORDS: Mapping[Wanted, str] = {
    "served": "its certificate",
    "root": "the root of its certificate's chain",
}
"""What that is, of a backend that was named, for a sentence."""

REFUSALS: frozenset[MessageClass] = frozenset({"not_allow_listed", "root_unknown", "root_mismatch"})
"""Messages by which the gateway says that it was given no certificate, or not the one that it takes."""


def unseen_backends(case: Case) -> tuple[BackendView, ...]:
    """The backends whose certificate the gateway refuses, while no connection of ours got to see it.

    Not those whose name does not resolve from here: before a write every member's name has to.
    """
    return tuple(it for it in views(case) if reported_class(it) in REFUSALS and _is_unseen(it))


def wanted(case: Case) -> Wanted | None:
    """Which certificate somebody may hand in; None if none is needed."""
    if not unseen_backends(case):
        return None
    return "root" if case.gateway.traits.verifies_chain else "served"


def objection(case: Case, given: Certificate) -> str | None:
    """What is wrong with a certificate that was handed in, in one sentence; None if it is what the gateway needs."""
    found = unseen_backends(case)
    if not found:
        return "No certificate is needed any more: diagnose again."
    of_kind = _no_root if case.gateway.traits.verifies_chain else _not_a_servers_own
    return of_kind(given) or _unfit(given, case.now) or _known(found, given)


def handed_trial(
    case: Case, document: Document, diagnosis: Diagnosis, given: Certificate
) -> Trial | str:
    """What would be changed with a certificate to which there is no objection; a sentence, if it cannot be.

    Raises:
        Conflict: the edits do not fit the document.
    """
    gateway, found = case.gateway, unseen_backends(case)
    every = Combined(document)
    for view in found:
        every.add(_proposal(gateway, view, document, given))
    made = every.proposal
    if made is None:
        return "The gateway is not as it was looked at: diagnose again."
    refused = foreseen(every.document)
    if refused is not None:
        return f"Azure would refuse to store it: {refused}."
    if case.locks:
        return f"The lock {mark(case.locks[0].name)} forbids any change: have it removed, then diagnose again."
    if cluster_first(gateway, document, made.edits):
        return "An ingress controller (AGIC) writes this gateway and would take it back: set it in the cluster."
    option = upload_root_certificate if gateway.traits.verifies_chain else upload_ilb_certificate
    places = {(it.backend.place, it.server) for it in found}
    meant = [
        it
        for it in diagnosis.errors
        if it.match.backend is not None
        and (it.match.backend.place, it.match.backend.server) in places
    ]
    because = "nobody here has seen what the backend serves"
    return Trial(
        option.OPTION, CannotTell(because), made, relief=Relief(cannot_tell=faulty_parts(meant))
    )


def weakness(given: Certificate) -> str | None:
    """What is weak about it, if it is so weak that the gateway may not take it."""
    return next((it.what for it in weaknesses((given,))), None)


def first_roots(case: Case) -> tuple[str, ...]:
    """The settings for which public CAs no longer count once a root is listed: those that list none yet."""
    if not case.gateway.traits.verifies_chain:
        return ()
    named = (it.settings.name for it in unseen_backends(case) if not it.settings.trusted_roots)
    return tuple(dict.fromkeys(named))


def _is_unseen(view: BackendView) -> bool:
    return isinstance(view.connection, NotConnected | NotTried | HandshakeFailed)


def _proposal(
    gateway: Gateway, view: BackendView, document: Document, given: Certificate
) -> Proposal:
    stored = (
        gateway.trusted_roots
        if gateway.traits.verifies_chain
        else gateway.authentication_certificates
    )
    edits = edit_builder.trust_certificate(
        document, view.settings, gateway.traits.trust_collection, stored, given
    )
    return Proposal(
        f"let {mark(view.settings.name)} trust {mark(given.subject)}", edits, certificates=(given,)
    )


def _no_root(given: Certificate) -> str | None:
    """v2: only a root may be uploaded, a CA that signed itself (ssl-overview, "Trusted root certificate")."""
    subject = mark(given.subject)
    if not given.is_ca:
        return (
            f"{subject} is a server's own certificate, not a CA's: a v2 gateway needs the root of its chain, so export"
            " the topmost certificate."
        )
    if not given.self_signed:
        return (
            f"{subject} is an intermediate CA, issued by {mark(given.issuer)}: a v2 gateway needs the root at the top"
            " of the chain, which signed itself."
        )
    return None


def _not_a_servers_own(given: Certificate) -> str | None:
    """v1: what is compared is the server's own certificate; one that signed itself may call itself a CA."""
    names = certificate_names(given)
    is_site = given.self_signed and any(_is_host(it) for it in names)
    if given.is_ca and not is_site:
        return (
            f"{mark(given.subject)} is the certificate of a CA: a v1 gateway compares the server's own one, so export"
            " the lowest of the chain."
        )
    return None


def _is_host(name: str) -> bool:
    return "." in name and " " not in name


def _unfit(given: Certificate, now: datetime) -> str | None:
    subject = mark(given.subject)
    if now > given.not_after:
        return f"{subject} expired on {given.not_after:%Y-%m-%d}: export the one that is in use, or have it renewed."
    if now < given.not_before:
        return f"{subject} is valid only from {given.not_before:%Y-%m-%d} on: export the one that is in use."
    forbidden = next((it.what for it in weaknesses((given,)) if it.forbidden), None)
    if forbidden is not None:
        return (
            f"{subject} {forbidden}, which TLS no longer accepts: the server needs a stronger one."
        )
    return None


def _known(found: tuple[BackendView, ...], given: Certificate) -> str | None:
    """It is in the settings already, so that it cannot be the one that the gateway refuses."""
    for view in found:
        gateway, settings = view.gateway, view.settings
        stored = (
            gateway.roots(settings)
            if gateway.traits.verifies_chain
            else gateway.allow_list(settings)
        )
        held = {it.certificate.sha256 for it in stored if isinstance(it.certificate, Certificate)}
        if given.sha256 not in held:
            return None
    named = mark_all(dict.fromkeys(it.settings.name for it in found))
    return f"{mark(given.subject)} is already in {named}, so it is not the missing one: look which one is served."
