"""What our own connection shows that a message of the gateway denies, or proves to be no hindrance to the gateway.

Each class of message shows how far the gateway got: to a connection, to a certificate, or to an answer.
"""

from bot.core.analysis.allow_list import not_listed
from bot.core.analysis.chain_fault import chain_fault
from bot.core.analysis.health_message import MessageClass
from bot.core.analysis.probe_fault import certificate_at_fault, dated
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.view import BackendView
from bot.core.model.hostname import covers
from bot.core.model.observation import Handshake

CHAIN: frozenset[MessageClass] = frozenset(
    {
        "intermediate_missing",
        "leaf_missing",
        "leaf_not_first",
        "root_unknown",
        "root_mismatch",
        "verify_failed",
    }
)
CERTIFICATE: frozenset[MessageClass] = CHAIN | {"not_allow_listed", "name_mismatch", "not_in_date"}
ANSWER: frozenset[MessageClass] = frozenset({"status", "body"})


def fails_before_reported_stage(view: BackendView, says: MessageClass | None) -> str | None:
    """What ends our own connection before the gateway's, as its message shows; None if nothing does."""
    fault = tls_fault(view)
    # Of dates it is known to speak where no TLS session comes about: MicrosoftDocs/azure-docs, issue 41492.
    if fault is not None and says in (CERTIFICATE | ANSWER) - {"not_in_date"}:
        return fault.evidence.text
    if says in ANSWER and certificate_at_fault(view):
        return "the certificate is one that the gateway should not accept, and yet it was answered"
    return None


def denied_by(view: BackendView, says: MessageClass, seen: Handshake) -> str | None:
    """What we see that the message denies; None if it may well be right."""
    wanted = view.probe_request.sni
    looked_at = dated(view, seen)
    v2 = view.gateway.generation == "v2"
    if says == "not_in_date" and all(it.valid_at(view.case.now) for it in looked_at):
        # MicrosoftDocs/azure-docs, issue 41492.
        return (
            "every certificate is in date; the gateway is known to say this also where it shares no"
            " cipher suite with the backend"
        )
    if says == "name_mismatch" and wanted and seen.leaf and covers(seen.leaf, wanted):
        return f"the certificate is for {wanted}, the name that the probe asks for"
    if says == "not_allow_listed" and not v2 and not_listed(view) is None:
        return "the certificate is among the allow-listed ones; see also whether its name fits"
    if says in CHAIN and v2 and chain_fault(view) is None:
        return "the chain is complete and ends in a root that the settings trust"
    return None
