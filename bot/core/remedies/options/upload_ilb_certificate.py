"""v1: allow-list the certificate that the backend really serves to the gateway."""

from bot.core.analysis import commands
from bot.core.analysis.ilb_comparison import confirmation
from bot.core.analysis.reported_health import why_not_reached
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_command
from bot.core.model.observation import Attempt
from bot.core.remedies import edit_builder
from bot.core.remedies.ilb_trust import reason_not_to_trust
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Add the served leaf to the ones that are already allow-listed; none is removed."""
    gateway = view.gateway
    if gateway.traits.verifies_chain:
        return NotApplicable(
            "a v2 gateway has no authentication certificates: Azure rejects them there"
        )
    if view.probe_request.protocol != "https":
        return NotApplicable("the gateway does not use TLS to this backend")
    attempt = view.probe_attempt
    handshake = view.case.handshake(attempt)
    if handshake is None or handshake.leaf is None:
        return NotApplicable(
            f"the certificate could not be read: {why_not_reached(view.case.connection(attempt))}",
            _by_hand(view, attempt),
        )
    doubt = reason_not_to_trust(view)
    if doubt is not None:
        return doubt
    leaf = handshake.leaf
    edits = edit_builder.trust_certificate(
        document,
        view.settings,
        gateway.traits.trust_collection,
        gateway.authentication_certificates,
        leaf,
    )
    listed = {it.id for it in gateway.allow_list(view.settings)}
    if all(edit.target.lower() in listed for edit in edits if hasattr(edit, "target")):
        return NotApplicable("this very certificate is already allow-listed")
    return Proposal(
        summary=f"allow-list {mark(leaf.subject)} in {mark(view.settings.name)}, in addition to what is there;"
        f" it is only for comparison, no traffic uses it{confirmation(view, leaf)}",
        edits=edits,
        certificates=(leaf,),
    )


def _by_hand(view: BackendView, attempt: Attempt) -> tuple[str, ...]:
    gateway = view.gateway
    listed = tuple(it.name for it in gateway.allow_list(view.settings))
    return (
        "Let the bot reach it: run it in the gateway's network, or open a tunnel and set"
        f" AGW_CONNECT_TO={attempt.server}:{attempt.port}=HOST:PORT; then diagnose again. Or by hand:",
        f"On a machine that reaches {mark(attempt.server)}, save the certificate:"
        f" {mark_command(commands.save(attempt))}",
        f"Upload it: {mark_command(commands.create_authentication_certificate(gateway, 'ilb', 'ilb.cer'))}",
        "Allow-list it along with the others:"
        f" {mark_command(commands.list_authentication_certificates(gateway, view.backend, (*listed, 'ilb')))}",
    )


OPTION = Option(
    id="upload_ilb_certificate",
    title="Upload ILB certificate",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
    ),
    propose=propose,
)
