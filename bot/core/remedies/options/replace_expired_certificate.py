"""v1: put the renewed certificate on the allow-list, and take the expired one off it."""

from bot.core.analysis.allow_list import NotListed, not_listed
from bot.core.analysis.ilb_comparison import confirmation
from bot.core.arm.document import Document, list_of, reference_of
from bot.core.arm.edit import Edit, Item, sub_resource_id
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway, StoredCertificate
from bot.core.model.generation import V1
from bot.core.model.marked import mark, mark_all
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import SETTINGS
from bot.core.remedies.ilb_trust import reason_not_to_trust
from bot.core.remedies.option import NotApplicable, Option, Proposal

COLLECTION = V1.trust_collection


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """One plan for both: an expired certificate admits no backend, so nothing is lost with its reference.

    The certificate itself stays on the gateway: other settings may refer to it, and the undo needs it.
    """
    gateway, settings = view.gateway, view.settings
    if gateway.traits.verifies_chain:
        return NotApplicable("a v2 gateway has no authentication certificates")
    fault = not_listed(view)
    if not isinstance(fault, NotListed) or fault.predecessor is None:
        return NotApplicable("no renewal of an allow-listed certificate was seen")
    if not fault.leaf.valid_at(view.case.now):
        return NotApplicable("the certificate that it serves now is itself out of date")
    doubt = reason_not_to_trust(view)
    if doubt is not None:
        return doubt
    expired = tuple(it for it in gateway.allow_list(settings) if _expired(view.case, it))
    if not expired:
        return NotApplicable("none of the allow-listed certificates has expired, so they may stay")
    upload, name = _upload(document, gateway, fault.leaf)
    gone = {it.id for it in expired}
    listed = list_of(edit_builder.raw_value(document, SETTINGS, settings.name, COLLECTION))
    kept = [it for it in listed if reference_of(it) not in gone]
    after = [*kept, {"id": sub_resource_id(document, COLLECTION, name)}]
    return Proposal(
        summary=f"allow-list the renewed {mark(fault.leaf.subject)} in {mark(settings.name)}, and no longer"
        f" {mark_all(it.name for it in expired)}, which has expired"
        f"{confirmation(view, fault.leaf)}",
        edits=(
            *upload,
            edit_builder.set_value(document, SETTINGS, settings.name, COLLECTION, after),
        ),
        certificates=(fault.leaf,),
    )


def _upload(
    document: Document, gateway: Gateway, leaf: Certificate
) -> tuple[tuple[Edit, ...], str]:
    """The upload of the certificate to the gateway, unless it is there, and its name there."""
    stored = gateway.authentication_certificates
    known = next((it.name for it in stored if it.certificate == leaf), None)
    if known:
        return (), known
    name = edit_builder.stored_name(leaf)
    return (Item("add", COLLECTION, name, {"data": edit_builder.certificate_text(leaf)}),), name


def _expired(case: Case, stored: StoredCertificate) -> bool:
    kept = stored.certificate
    return isinstance(kept, Certificate) and kept.not_after < case.now


OPTION = Option(
    id="replace_expired_certificate",
    title="Replace the expired certificate",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/certificates-for-backend-authentication",
    ),
    propose=propose,
)
