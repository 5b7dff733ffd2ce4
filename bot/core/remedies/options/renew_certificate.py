"""Renew what is out of date: the backend's certificate, one of its issuers, or the root that is trusted."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis.certificate_validity import CheckedCertificates, checked_certificates
from bot.core.arm.document import Document
from bot.core.case.case import AssumedCertificate, Case
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark
from bot.core.model.observation import Handshake
from bot.core.remedies import edit_builder
from bot.core.remedies.certificate_steps import (
    AGAIN,
    NEW,
    ROOT,
    install_steps,
    trust_command,
    upload_steps,
)
from bot.core.remedies.new_certificate import (
    accepted_issuer,
    assume_served,
    enumerated,
    fault_kind,
    from_ca,
    listed_on_v1,
    renewed,
    served_by,
    why_no_issuer,
)
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Assume the same certificates with valid dates; names and trust have to be right already."""
    handshake = served_by(view)
    if isinstance(handshake, NotApplicable):
        return handshake
    checked = checked_certificates(view, handshake)
    if not checked.late:
        return NotApplicable("no certificate that the gateway checks is out of date")
    if fault_kind(view) in ("self_signed_not_ca", "leaf_missing"):
        return NotApplicable("what it serves would not be accepted after a renewal either")
    root = renewed(view.case, checked.late_root) if checked.late_root else None
    issuer = root.subject if root else accepted_issuer(view, handshake)
    if issuer is None:
        return NotApplicable(why_no_issuer(view))
    served = _served(view, handshake, checked, issuer, root)
    own = served.certificate if checked.own in checked.late_sent else None
    listed = listed_on_v1(view, document, own) if own else ()
    trusted = (
        edit_builder.trust_certificate(
            document, view.settings, view.gateway.traits.trust_collection, (), root
        )
        if root
        else ()
    )
    return Proposal(
        summary=_summary(view, checked, issuer),
        edits=(*listed, *trusted),
        assumptions=(served,),
        certificates=(*((own,) if own and listed else ()), *((root,) if root else ())),
        steps=tuple(_steps(view, checked, issuer)),
    )


def _served(
    view: BackendView,
    handshake: Handshake,
    checked: CheckedCertificates,
    issuer: str,
    root: Certificate | None,
) -> AssumedCertificate:
    if checked.own in checked.late_sent:
        # A new one comes with a chain of its own, and from a CA that counts.
        new = replace(renewed(view.case, checked.own), issuer=issuer)
        return assume_served(view, new)
    first, *issuers = (
        renewed(view.case, it) if it in checked.late_sent else it for it in checked.sent
    )
    anchors = (root.sha256,) if root else handshake.anchors
    return assume_served(view, first, tuple(issuers), anchors)


def _summary(view: BackendView, checked: CheckedCertificates, issuer: str) -> str:
    what = enumerated(f"{mark(it.subject)}, {_when(view.case, it)}" for it in checked.late)
    chain = ""
    if checked.own in checked.late_sent and fault_kind(view) is not None:
        ca = from_ca(view.case, issuer)
        chain = f"; get the new one{ca}, and send its whole chain with it in the right order"
    upload = (
        f"; then let {mark(view.settings.name)} trust the renewed root" if checked.late_root else ""
    )
    return f"renew {what}{chain}{upload}"


def _when(case: Case, certificate: Certificate) -> str:
    if certificate.not_after < case.now:
        return f"which expired on {certificate.not_after:%Y-%m-%d %H:%M} UTC"
    return f"which is not valid before {certificate.not_before:%Y-%m-%d %H:%M} UTC"


def _steps(view: BackendView, checked: CheckedCertificates, issuer: str) -> Iterator[str]:
    for it in checked.late:
        if it.not_before > view.case.now:
            yield (
                f"{mark(it.subject)} is valid only from {it.not_before:%Y-%m-%d %H:%M} UTC. Check the clock of the"
                " machine that made it; until then install one that is valid now, or have it issued again."
            )
    if checked.own in checked.late_sent:
        yield f"Get a new {mark(checked.own.subject)}{from_ca(view.case, issuer)}, for the same names."
        yield from upload_steps(view)
    issuers = [it for it in checked.late_sent if it not in (checked.own, checked.late_root)]
    if issuers:
        named = enumerated(mark(it.subject) for it in issuers)
        yield f"Get the currently valid {named} from whoever runs the CA, and put it into the server's bundle."
    if checked.late_root:
        yield from _root_steps(view, checked.late_root)
    if checked.late_sent:
        yield from install_steps(view, checked.own)
    if checked.own in checked.late_sent and view.gateway.traits.verifies_chain:
        yield from _other_root(view)
    yield AGAIN


def _root_steps(view: BackendView, root: Certificate) -> Iterator[str]:
    yield (
        f"Get the renewed certificate of {mark(root.subject)} from whoever runs that CA, and confirm its SHA-256"
        " with them over a different channel from the one the file came by."
    )
    yield (
        "Upload it as a Base-64 .cer file, and let the settings trust it as well:"
        f" {trust_command(view, ROOT)}"
    )
    yield "If the CA has a new key, have it issue the server's certificate again; with the same key that may stay."


def _other_root(view: BackendView) -> Iterator[str]:
    if view.gateway.roots(view.settings):
        yield (
            "Only if the new certificate comes from another root: upload that root before you install it,"
            f" {trust_command(view, NEW)}"
        )


OPTION = Option(
    id="renew_certificate",
    title="Renew the certificate that is out of date",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/certificates-for-backend-authentication",
    ),
    propose=propose,
    layer4=True,
)
