"""Install another certificate on the backend: for faults that neither a setting of the gateway nor a renewal fixes."""

from collections.abc import Iterator
from datetime import timedelta

from bot.core.analysis.certificate_validity import own_certificate
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.hostname import certificate_names, covers
from bot.core.model.marked import mark
from bot.core.model.observation import Handshake
from bot.core.remedies.certificate_steps import AGAIN, install_steps, upload_steps
from bot.core.remedies.new_certificate import (
    accepted_issuer,
    assume_served,
    enumerated,
    fault_kind,
    from_ca,
    listed_on_v1,
    refused_certificate,
    served_by,
    why_no_issuer,
)
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Assume that the backend serves a valid certificate for the name that the gateway asks for."""
    handshake = served_by(view)
    if isinstance(handshake, NotApplicable):
        return handshake
    faults = tuple(_faults(view, handshake))
    if not faults:
        return NotApplicable(_why_not(view))
    issuer = accepted_issuer(view, handshake)
    if issuer is None:
        return NotApplicable(why_no_issuer(view))
    wanted = _supposed(view, handshake, issuer)
    allow = listed_on_v1(view, document, wanted)
    return Proposal(
        summary=f"install a certificate {_whose(wanted)}{from_ca(view.case, issuer)} on {mark(view.server)}, because"
        f" the one there {enumerated(faults)}",
        edits=allow,
        assumptions=(assume_served(view, wanted),),
        certificates=(wanted,) if allow else (),
        steps=tuple(_steps(view, handshake, wanted)),
    )


def _why_not(view: BackendView) -> str:
    """Only of what the probe gets: clients' requests may be served another certificate."""
    sni = view.request.sni
    name = f"for {mark(sni)}" if sni else "not compared with any name"
    return f"the certificate that the health probe gets is the server's own, and {name}"


def _faults(view: BackendView, handshake: Handshake) -> Iterator[str]:
    """What is wrong with its own certificate, and then what is wrong beside that."""
    sni = view.request.sni
    kind = fault_kind(view)
    refused = refused_certificate(view)
    own = own_certificate(handshake.chain, sni)
    first = []
    if kind == "leaf_missing":
        first.append("is that of a CA, not the server's own")
    elif kind == "self_signed_not_ca":
        first.append("is self-signed and not a CA")
    elif refused is not None:
        first.append(f"is not accepted: {refused.says}")
    elif sni is not None and not covers(own, sni):
        first.append(f"is for {enumerated(map(mark, certificate_names(own))) or mark(own.subject)}")
    if not first:
        return
    yield from first
    if not own.valid_at(view.case.now):
        yield "is out of date"
    if kind in ("intermediate_missing", "leaf_not_first", "out_of_order"):
        yield "does not come with a complete chain in the right order"


def _whose(wanted: Certificate) -> str:
    if wanted.dns_names:
        return f"for {enumerated(map(mark, wanted.dns_names))}"
    return f"as {mark(wanted.subject)}"


def _supposed(view: BackendView, handshake: Handshake, issuer: str) -> Certificate:
    sni = view.request.sni
    leaf = own_certificate(handshake.chain, sni)
    wanted = (sni,) if sni else leaf.dns_names or tuple(filter(None, (leaf.common_name,)))
    return Certificate(
        subject=f"CN={wanted[0]}" if wanted else leaf.subject,
        issuer=issuer,
        common_name=wanted[0] if wanted else leaf.common_name,
        dns_names=wanted,
        sha256="supposed",
        not_before=view.case.now - timedelta(days=1),
        not_after=view.case.now + timedelta(days=365),
        is_ca=False,
        self_signed=False,
        der=b"supposed",
        has_san=True,
    )


def _steps(view: BackendView, handshake: Handshake, wanted: Certificate) -> Iterator[str]:
    if fault_kind(view) == "leaf_missing":
        yield (
            f"First check whether {mark(view.server)} has one already: often the file with the CA's certificates"
            " was configured instead of the site's own."
        )
    refused = refused_certificate(view)
    if refused is not None and refused.cause is not None:
        yield f"What is wrong is this: {refused.says}. {refused.cause.code.first_step}"
    yield f"Get a certificate {_whose(wanted)}{from_ca(view.case, wanted.issuer)}."
    yield from upload_steps(view)
    yield from install_steps(view, handshake.chain[0])
    yield AGAIN


OPTION = Option(
    id="replace_backend_certificate",
    title="Install another certificate on the backend",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/certificates-for-backend-authentication",
    ),
    propose=propose,
    layer4=True,
)
