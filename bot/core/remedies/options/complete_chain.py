"""v2: make the backend send its whole chain, in order; its own certificate stays as it is."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.ilb_comparison import environment_at
from bot.core.arm.document import Document
from bot.core.arm.edit import Edit
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark, mark_command
from bot.core.model.observation import Handshake
from bot.core.remedies import edit_builder
from bot.core.remedies.certificate_steps import AGAIN, ROOT, is_app_service, trust_command
from bot.core.remedies.new_certificate import assume_served, fault_kind, served_by
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.remedies.ordered_chain import OrderedChain, ends_in, ordered_chain, untrusted_root
from bot.core.routing.routes import Backend


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Assume the certificates that it sends in order, and below a root that counts where an issuer is missing."""
    handshake = served_by(view)
    if isinstance(handshake, NotApplicable):
        return handshake
    if not view.gateway.traits.verifies_chain:
        return NotApplicable("a v1 gateway checks the certificate itself, not the chain")
    kind = fault_kind(view)
    wrong_issuer = _wrong_issuer(view, handshake)
    if kind not in ("intermediate_missing", "leaf_not_first", "out_of_order") and not wrong_issuer:
        return NotApplicable("nothing is known to be missing from the chain, or out of order")
    chain = ordered_chain(view, handshake, without=wrong_issuer)
    anchors = ends_in(view, handshake, chain)
    if not anchors:
        return NotApplicable(
            "even in order, the chain ends in no valid root that the settings trust"
        )
    root = untrusted_root(view, chain)
    return Proposal(
        summary=_summary(view.backend, chain, root),
        edits=_trusting(view, document, root),
        assumptions=(assume_served(view, chain.path[0], chain.path[1:], anchors),),
        certificates=(root,) if root else (),
        steps=tuple(_steps(view, chain, root)),
    )


def _wrong_issuer(view: BackendView, handshake: Handshake) -> Certificate | None:
    """What is sent as an issuer, and has its name but not its key."""
    fault = chain_fault(view)
    cause = fault.cause if isinstance(fault, ChainFault) else None
    sent = cause is not None and cause.namesake in handshake.chain
    return cause.namesake if cause and sent else None


def _trusting(view: BackendView, document: Document, root: Certificate | None) -> tuple[Edit, ...]:
    if root is None:
        return ()
    stored = view.gateway.trusted_roots
    return edit_builder.trust_certificate(
        document, view.settings, view.gateway.traits.trust_collection, stored, root
    )


def _summary(backend: Backend, chain: OrderedChain, root: Certificate | None) -> str:
    own, top = chain.path[0], chain.path[-1]
    if chain.lacks_issuer:
        return (
            f"make {mark(backend.server)} send the certificate of {mark(top.issuer)} after {mark(top.subject)};"
            f" {mark(own.subject)} itself stays. Assumed here: the chain then ends in a CA that"
            f" {mark(backend.settings.name)} trusts"
        )
    order = ", then ".join(mark(it.subject) for it in chain.path)
    sends = f"make {mark(backend.server)} send its certificates in this order: {order}; they stay the same"
    if root is None:
        return sends
    warning = "" if backend.settings.trusted_roots else edit_builder.ONLY_LISTED
    return f"{sends}; and let {mark(backend.settings.name)} trust {mark(root.subject)} as a root{warning}"


BUNDLE = "cat site.pem intermediate.pem root.pem > bundle.pem"
VERIFY = "openssl verify -show_chain -untrusted intermediate.pem -CAfile root.pem site.pem"


def _steps(view: BackendView, chain: OrderedChain, root: Certificate | None) -> Iterator[str]:
    attempt, top = view.attempt, chain.path[-1]
    if chain.lacks_issuer:
        # Authority Information Access, "CA Issuers": RFC 5280, section 4.2.2.1.
        yield (
            f"Get the certificate of {mark(top.issuer)} from the CA. {mark(top.subject)} itself says where it is kept,"
            f" under CA Issuers: {mark_command(commands.show_whole(attempt))}"
        )
    yield (
        "Build the bundle in this order: the server's own certificate, the one that issued it, and so on"
        f" upwards; the root comes last and may be left out. {mark_command(BUNDLE)}"
    )
    yield f"Check it before you install it: {mark_command(VERIFY)}"
    yield from _where(view)
    yield (
        "Check what is sent: in each pair of lines, i: (issuer) must be the next s: (subject)."
        f" {mark_command(commands.show_chain(attempt))}"
    )
    if root or chain.lacks_issuer:
        when = (
            f"Upload {mark(root.subject)}"
            if root
            else "If it ends in a private root that the gateway lacks, upload that root"
        )
        yield f"{when} as well: {trust_command(view, ROOT)}"
    yield AGAIN


def _where(view: BackendView) -> Iterator[str]:
    environment = environment_at(view)
    if environment is not None:
        # learn.microsoft.com/azure/app-service/environment/overview-certificates: front ends of v3 get the chain
        # of a private CA only with certificates that were uploaded after 1 October 2023.
        yield (
            "Upload the certificate with its chain (PFX) to the app in App Service Environment"
            f" {mark(environment.name)} again, and bind it again: one that was uploaded before 1 October 2023 is sent"
            " without its chain."
        )
    elif is_app_service(view.backend):
        yield "Upload the certificate with its chain (PFX) to the app in App Service again, and bind it again."
    else:
        yield (
            f"Install bundle.pem on {mark(view.server)} instead of the certificate alone (nginx: ssl_certificate;"
            " Apache: SSLCertificateFile; IIS: import the intermediates into the machine's Intermediate"
            " Certification Authorities), and reload the service."
        )


OPTION = Option(
    id="complete_chain",
    title="Complete the chain on the backend",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/app-service/environment/overview-certificates",
    ),
    propose=propose,
    layer4=True,
)
