"""What our own connection shows that contradicts a message of the gateway.

Each class of message shows how far the gateway got: to a connection, to a certificate, or to an answer.
"""

from bot.core.analysis.allow_list import not_listed
from bot.core.analysis.certificate_validity import checked_certificates
from bot.core.analysis.chain_fault import chain_fault
from bot.core.analysis.health_message import MessageClass
from bot.core.analysis.probe_answer import SIGN_IN
from bot.core.analysis.probe_fault import certificate_at_fault
from bot.core.analysis.reported_code import reported_code
from bot.core.analysis.tls_fault import tls_fault
from bot.core.analysis.turned_away import turned_away
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.hostname import covers
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, Handshake, NoResponse, Response
from bot.core.model.status_ranges import in_ranges

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
CERTIFICATE: frozenset[MessageClass] = CHAIN | {
    "not_allow_listed",
    "name_mismatch",
    "not_in_date",
    "certificate_invalid",
}
ANSWER: frozenset[MessageClass] = frozenset({"status", "body"})


def fails_before_reported_stage(view: BackendView, says: MessageClass | None) -> str | None:
    """What ends our own connection before the stage that the gateway's message is about; None if nothing does."""
    fault = tls_fault(view)
    # It is known to blame dates where no TLS session is established: MicrosoftDocs/azure-docs, issue 41492.
    if fault is not None and says in ANSWER and _denied_by_answer(view):
        return None  # As far as the gateway says that it got.
    if fault is not None and says in (CERTIFICATE | ANSWER) - {"not_in_date"}:
        return fault.evidence.text
    if says in ANSWER and certificate_at_fault(view):
        return "the gateway should not accept this certificate, and yet it got an answer"
    return None


def _denied_by_answer(view: BackendView) -> bool:
    """Whether what counts as a fault of TLS was told in an answer over HTTP."""
    match view.outcome:
        case Answered(handshake=Handshake(), http=Response()):
            return True
    return False


@asked_once
def refused_us(view: BackendView) -> str | None:
    """How the server refused our copy of the health probe, other than a fault that other rules name; None if not.

    That packets vanish is no refusal: most likely there is just no way from here to there.
    """
    cut_off = turned_away(view)
    if cut_off is not None:
        return cut_off
    match view.outcome:
        case Answered(http=NoResponse("malformed" | "tls" | "http2", reason)):
            return reason
        case Answered(http=Response(status=status)) if (
            status in SIGN_IN
            and not in_ranges(status, view.probe_request.match.status_codes)
            and tls_fault(view) is None
        ):
            return f"status {status}"
    return None


def denied_by(view: BackendView, says: MessageClass, seen: Handshake) -> str | None:
    """What we see that the message denies; None if it may well be right."""
    wanted = view.probe_request.sni
    verifies_chain = view.gateway.traits.verifies_chain
    if says == "not_in_date" and not (seen.chain and checked_certificates(view, seen).late):
        # MicrosoftDocs/azure-docs, issue 41492.
        return (
            "every certificate is in date; the gateway is also known to say this where it shares no"
            " cipher suite with the backend"
        )
    if says == "name_mismatch" and wanted and seen.leaf and covers(seen.leaf, wanted):
        return f"the certificate is for {mark(wanted)}, the name that the probe asks for"
    if says == "not_allow_listed" and not verifies_chain and not_listed(view) is None:
        return "the certificate is allow-listed; also check whether its name matches"
    if (
        says in CHAIN
        and verifies_chain
        and chain_fault(view) is None
        and not _explained(view, seen)
    ):
        return "the chain is complete and ends in a root that the settings trust"
    return None


def _explained(view: BackendView, seen: Handshake) -> bool:
    """Whether the code that the gateway quotes is about dates or names, and those are wrong."""
    code, wanted = reported_code(view), view.probe_request.sni
    if code is None or seen.leaf is None:
        return False
    if code.kind == "date":
        return bool(checked_certificates(view, seen).late)
    return code.kind == "name" and wanted is not None and not covers(seen.leaf, wanted)
