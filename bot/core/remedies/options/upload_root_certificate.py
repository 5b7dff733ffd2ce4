"""v2: trust the root CA that really issued what the backend serves."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.reported_health import why_not_reached
from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark, mark_command
from bot.core.model.observation import PUBLIC, Handshake
from bot.core.remedies import edit_builder
from bot.core.remedies.certificate_steps import ROOT
from bot.core.remedies.ilb_trust import reason_not_to_trust
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Add the issuing root to the settings; it must be a CA, self-signed, in date, and at the end of the chain."""
    gateway = view.gateway
    if not gateway.traits.verifies_chain:
        return NotApplicable(
            "a v1 gateway compares the certificate itself and has no trusted roots"
        )
    if view.request.protocol != "https":
        return NotApplicable("the gateway does not use TLS to this backend")
    attempt = view.attempt
    handshake = view.case.handshake(attempt)
    if handshake is None or handshake.leaf is None:
        return NotApplicable(
            f"the chain could not be read ({why_not_reached(view.case.connection(attempt))})",
            tuple(_unseen_steps(view)),
        )
    doubt = reason_not_to_trust(view)
    if doubt is not None:
        return doubt
    public = handshake.trusted_by(PUBLIC)
    if not view.settings.trusted_roots and public is not None and public.code == 0:
        return NotApplicable("its chain ends in a public CA, which is trusted without an upload")
    root = _issuing_root(view.case, handshake)
    if root is None:
        return _no_root(view, handshake.leaf)
    if not root.valid_at(view.case.now):
        return NotApplicable(f"the issuing root {mark(root.subject)} is out of date")
    used = {it.id for it in gateway.roots(view.settings)}
    edits = edit_builder.trust_certificate(
        document,
        view.settings,
        gateway.traits.trust_collection,
        gateway.trusted_roots,
        root,
    )
    if all(edit.target.lower() in used for edit in edits if hasattr(edit, "target")):
        return NotApplicable(f"the settings already trust {mark(root.subject)}")
    only = "" if view.settings.trusted_roots else edit_builder.ONLY_LISTED
    return Proposal(
        summary=f"trust {mark(root.subject)} as a root in {mark(view.settings.name)}{only}",
        edits=edits,
        certificates=(root,),
    )


def _issuing_root(case: Case, handshake: Handshake) -> Certificate | None:
    stored = (it.certificate for it in case.gateway.trusted_roots)
    known = [it for it in stored if isinstance(it, Certificate)]
    bundled = [other for it in case.gateway.trusted_roots for other in it.bundled]
    for candidate in (*handshake.chain, *known, *bundled):
        trust = handshake.trusted_by(candidate.sha256)
        if candidate.is_root and trust is not None and trust.code == 0:
            return candidate
    return None


def _no_root(view: BackendView, leaf: Certificate) -> NotApplicable:
    if leaf.self_signed:
        return NotApplicable(
            "the certificate is self-signed but not a CA (basicConstraints CA:TRUE is missing), so a v2"
            " gateway cannot accept it as a root"
        )
    return NotApplicable(
        f"the backend does not send its root; get the root of {mark(leaf.issuer)} from whoever runs that CA",
        tuple(_steps(view, leaf)),
    )


def _unseen_steps(view: BackendView) -> Iterator[str]:
    yield (
        f"On a machine that reaches {mark(view.server)}, see who issued its certificate (the last issuer is the root's"
        f" name): {mark_command(commands.show_whole(view.attempt))}"
    )
    yield (
        "Ask whoever runs that CA for its root certificate, and confirm its SHA-256 with them over a different channel"
        " from the one the file came by."
    )
    yield from _upload_steps(view)


def _steps(view: BackendView, leaf: Certificate) -> Iterator[str]:
    yield (
        f"Ask whoever runs the CA {mark(leaf.issuer)} for its root certificate, and confirm its SHA-256 with them over"
        " a different channel from the one the file came by."
    )
    # Authority Information Access, "CA Issuers": RFC 5280, section 4.2.2.1.
    yield (
        "If nobody knows it, look where the certificate says that its issuer's is kept (CA Issuers, up to the"
        f" self-signed one): {mark_command(commands.show_whole(view.attempt))}"
    )
    yield from _upload_steps(view)


def _upload_steps(view: BackendView) -> Iterator[str]:
    gateway, settings = view.gateway, view.settings
    names = [it.name for it in gateway.roots(settings)]
    yield f"Upload it as a Base-64 .cer file: {mark_command(commands.create_root(gateway, ROOT, f'{ROOT}.cer'))}"
    yield f"Let the settings trust it: {mark_command(commands.trust_roots(gateway, view.backend, [*names, ROOT]))}"


OPTION = Option(
    id="upload_root_certificate",
    title="Upload the issuing root",
    automated=True,
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/certificates-for-backend-authentication",
        "https://learn.microsoft.com/azure/application-gateway/self-signed-certificates",
    ),
    propose=propose,
    layer4=True,
)
