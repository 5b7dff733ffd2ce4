"""Did our own copy of the health probe meet anything that the gateway has to object to?

The rules say what it is; here it only matters whether the gateway's "healthy" is contradicted.
"""

from bot.core.analysis.allow_list import NotListed, not_listed
from bot.core.analysis.certificate_validity import checked_certificates
from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.probe_answer import AnswerFault, answer_fault
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.likeness import asked_of_alike
from bot.core.case.view import BackendView
from bot.core.model.hostname import covers
from bot.core.model.observation import Answered, Handshake, NoResponse, Response


@asked_of_alike
def fault_seen(view: BackendView) -> bool:
    """Whether handshake, chain, allow-list, name, dates or answer are wrong, as far as we saw them."""
    return (
        tls_fault(view) is not None
        or certificate_at_fault(view)
        or isinstance(answer_fault(view), AnswerFault)
    )


@asked_of_alike
def certificate_at_fault(view: BackendView) -> bool:
    """Whether chain, allow-list, name or dates are wrong, as far as we saw them."""
    handshake = view.handshake
    return (
        isinstance(chain_fault(view), ChainFault)
        or isinstance(not_listed(view), NotListed)
        or (handshake is not None and _misnamed_or_late(view, handshake))
    )


@asked_of_alike
def faultless(view: BackendView) -> bool:
    """Whether everything was seen, up to the answer if one is wanted, and nothing is wrong or in doubt."""
    match view.outcome:
        case Answered(http=Response() | NoResponse("not_asked")):
            judged = (
                chain_fault(view),
                not_listed(view),
                answer_fault(view),
            )
            return all(it is None for it in judged) and not fault_seen(view)
    return False


def _misnamed_or_late(view: BackendView, seen: Handshake) -> bool:
    wanted = view.request.sni if view.settings.validate_sni else None
    misnamed = bool(wanted and seen.leaf and not covers(seen.leaf, wanted))
    return misnamed or bool(seen.chain and checked_certificates(view, seen).late)
