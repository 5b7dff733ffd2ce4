"""Did our own copy of the health probe meet anything that the gateway has to object to?

The rules say what it is; here it only counts whether the gateway's "healthy" is contradicted.
"""

from collections.abc import Iterator

from bot.core.analysis.allow_list import NotListed, not_listed
from bot.core.analysis.chain_fault import ChainFault, anchors_in_use, chain_fault
from bot.core.analysis.probe_answer import AnswerFault, answer_fault
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.case import Case
from bot.core.model.certificate import Certificate
from bot.core.model.hostname import covers
from bot.core.model.observation import Answered, Handshake, Response
from bot.core.routing.routes import Backend


def fault_seen(case: Case, backend: Backend) -> bool:
    """Whether handshake, chain, allow-list, name, dates or answer are wrong, as far as we saw them."""
    return (
        tls_fault(case, backend) is not None
        or certificate_at_fault(case, backend)
        or isinstance(answer_fault(case, backend), AnswerFault)
    )


def certificate_at_fault(case: Case, backend: Backend) -> bool:
    """Whether chain, allow-list, name or dates are wrong, as far as we saw them."""
    handshake = case.handshake(case.probe_attempt(backend))
    return (
        isinstance(chain_fault(case, backend), ChainFault)
        or isinstance(not_listed(case, backend), NotListed)
        or (handshake is not None and _misnamed_or_late(case, backend, handshake))
    )


def faultless(case: Case, backend: Backend) -> bool:
    """Whether the whole way was seen, up to the answer, and nothing on it is wrong or in doubt."""
    match case.outcome(case.probe_attempt(backend)):
        case Answered(http=Response()):
            judged = (
                chain_fault(case, backend),
                not_listed(case, backend),
                answer_fault(case, backend),
            )
            return all(it is None for it in judged) and not fault_seen(case, backend)
    return False


def dated(case: Case, backend: Backend, seen: Handshake) -> tuple[Certificate, ...]:
    """The certificates whose dates the gateway looks at: v1 the leaf, v2 all, none if it was told not to."""
    return tuple(_dated(case, backend, seen))


def _dated(case: Case, backend: Backend, seen: Handshake) -> Iterator[Certificate]:
    if case.gateway.generation == "v1":
        yield from seen.chain[:1]
    elif backend.settings.validate_chain:
        yield from seen.chain
        yield from anchors_in_use(case, backend)


def _misnamed_or_late(case: Case, backend: Backend, seen: Handshake) -> bool:
    wanted = case.probe_request(backend).sni if backend.settings.validate_sni else None
    misnamed = bool(wanted and seen.leaf and not covers(seen.leaf, wanted))
    return misnamed or any(not it.valid_at(case.now) for it in dated(case, backend, seen))
