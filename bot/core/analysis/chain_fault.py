"""Why a v2 gateway does not accept a served chain: exactly one kind each, so that no two rules claim it.

What a v2 gateway expects: the leaf, then its intermediates, then (ideally) the root, in that order, ending in a root
of the HTTP settings or, if they list none, in a well-known CA:
https://learn.microsoft.com/azure/application-gateway/ssl-overview and
https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting

OpenSSL verifies (`Handshake.trust`), against all roots of the settings together; its code and depth decide. What
OpenSSL was not asked here (revocation, other levels of security), only the gateway's own message tells.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.analysis.chain_cause import KIND_OF, Cause, CauseKind, Known, cause_of
from bot.core.analysis.chain_evidence import chain_evidence
from bot.core.analysis.chain_order import Misplaced, in_order, misplaced_leaf, path_up
from bot.core.analysis.reported_code import reported_code
from bot.core.analysis.reported_health import probe_handshake, reported_health
from bot.core.analysis.unreadable_root import UnreadableRoot, unreadable_root
from bot.core.analysis.weak_certificates import Weakness, weaknesses
from bot.core.case.case import Case
from bot.core.case.finding import Confidence, Evidence, Match, Undecided
from bot.core.case.one_kind import OfKind
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.marked import mark
from bot.core.model.observation import PUBLIC, Answered, Handshake, Trust
from bot.core.routing.routes import Backend

ChainFaultKind = Misplaced | Literal["out_of_order", "trusted_root_unreadable"] | CauseKind

_UNSEEN = frozenset({"revoked", "revocation"})
"""Kinds of codes that OpenSSL gives only if it is asked for revocation, which this bot does not do."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A chain that the gateway does not accept.

    `path` is the leaf and, as far as they were sent, its issuers; `answers` are OpenSSL's for the roots that count;
    `evidence` shows the chain as it was served, and those answers. `cause` is what OpenSSL's code says; None where only
    the order is wrong, or a root cannot be read (`broken_root`). `only_gateway_says`: the gateway alone says so.
    """

    kind: ChainFaultKind
    path: tuple[Certificate, ...]
    answers: tuple[Trust, ...]
    evidence: tuple[Evidence, ...]
    cause: Cause | None = None
    only_gateway_says: bool = False
    broken_root: UnreadableRoot | None = None

    @property
    def root_sent(self) -> bool:
        """Whether the chain goes up to a certificate that issued itself."""
        return self.path[-1].self_issued

    @property
    def says(self) -> str:
        """Which certificate is wrong, and how, with OpenSSL's code for it; empty where there is none."""
        if self.cause is None:
            return ""
        code, culprit = self.cause.code, self.cause.culprit
        which = (
            f"the certificate {mark(culprit.subject)}" if culprit else "a certificate of its chain"
        )
        return f"{which} {code.says} (OpenSSL error {code.label})"

    def seen(self, backend: Backend, summary: str, confidence: Confidence = "high") -> Match:
        """The finding of the rule that this kind belongs to."""
        return Match(summary, self.evidence, backend, confidence)


@asked_once
def chain_fault(view: BackendView) -> ChainFault | Undecided | None:
    """The one thing that is wrong with the chain; None if nothing is, or it is not checked (v1, switched off)."""
    if not view.gateway.traits.verifies_chain or not view.settings.validate_chain:
        return None
    seen = probe_handshake(view)
    if seen is None or isinstance(seen, Undecided):
        return seen
    if not seen.chain:
        return None
    verdict = chain_verdict(view, seen)
    order = misplaced_leaf(seen.chain, view.request.sni)
    if order is not None:
        return _fault(view, seen, order)
    doubt = _doubt(view, verdict)
    if doubt is not None:
        broken = unreadable_root(view, seen)
        if broken is not None:
            unread = _fault(view, seen, "trusted_root_unreadable")
            return replace(unread, broken_root=broken)
        return None if reported_health(view) == "healthy" else Undecided(doubt, view.backend)
    if verdict is not None and verdict.code:
        return _cause(view, seen, verdict)
    # OpenSSL may have gone another way than the names: one of the two in order is enough.
    ways = (_way_up(view, seen), path_up(seen.chain))
    if not any(in_order(seen.chain, way) for way in ways if way):
        return _fault(view, seen, "out_of_order")
    return _unseen_cause(view, seen)


def chain_fault_of(
    kind: ChainFaultKind, say: Callable[[BackendView, ChainFault], Iterable[Match]]
) -> OfKind[ChainFault]:
    """The check of a rule that one kind belongs to."""
    return OfKind(chain_fault, ChainFault, kind, say)


def refused_for(kind: ChainFaultKind) -> OfKind[ChainFault]:
    """The check of a rule whose cause OpenSSL's code names by itself: what it says of which certificate is all."""
    return chain_fault_of(kind, _refused)


def _refused(view: BackendView, fault: ChainFault) -> Iterator[Match]:
    summary = f"The gateway does not accept what {mark(view.server)} serves: {fault.says}."
    yield fault.seen(view.backend, summary)


@asked_once
def chain_verdict(view: BackendView, seen: Handshake) -> Trust | None:
    """OpenSSL's answer to the chain for all the roots of the settings together; None if it is not known."""
    # With roots listed, only those count: ssl-overview, "trusted root certificates" on v2.
    if not view.gateway.roots(view.settings):
        return seen.trusted_by(PUBLIC)
    return seen.trusted_by_all(it.sha256 for it in _roots(view))


@asked_once
def chain_weaknesses(view: BackendView, seen: Handshake) -> tuple[Weakness, ...]:
    """The weak keys and signatures in the part of the chain that counts; none on v1, or where nobody checks."""
    if not view.gateway.traits.verifies_chain or not view.settings.validate_chain or not seen.chain:
        return ()
    return tuple(weaknesses(counted(view, seen)))


def counted(view: BackendView, seen: Handshake) -> tuple[Certificate, ...]:
    """The certificates of the chain that lead to a root, as OpenSSL went; all of them where it did not get there."""
    return _way_up(view, seen) or seen.chain


@asked_once
def _way_up(view: BackendView, seen: Handshake) -> tuple[Certificate, ...]:
    verdict = chain_verdict(view, seen)
    by_digest = {it.sha256: it for it in seen.chain}
    return tuple(by_digest[it] for it in (verdict.path if verdict else ()) if it in by_digest)


def leaf_elsewhere(view: BackendView) -> bool:
    """Whether the first certificate is not the server's own: then its names mean nothing."""
    fault = chain_fault(view)
    return isinstance(fault, ChainFault) and fault.kind in ("leaf_not_first", "leaf_missing")


@asked_once
def anchors_in_use(view: BackendView, seen: Handshake) -> tuple[Certificate, ...]:
    """The certificates stored for the settings by which the served chain is accepted; dates are left out of it."""
    verdict = chain_verdict(view, seen)
    used = verdict.path if verdict and verdict.path else seen.anchors
    return tuple(it for it in _roots(view) if it.sha256 in used)


@asked_once
def _roots(view: BackendView) -> tuple[Certificate, ...]:
    stored = (it.certificate for it in view.gateway.roots(view.settings))
    return tuple(it for it in stored if isinstance(it, Certificate))


def _doubt(view: BackendView, verdict: Trust | None) -> str | None:
    if verdict is not None and verdict.code == 0:
        return None
    for it in view.gateway.roots(view.settings):
        if isinstance(it.certificate, Unreadable):
            return (
                f"the root {mark(it.name)} of the settings cannot be read here ({it.certificate.reason}),"
                " so it is not known whether the chain ends in it"
            )
    return (
        "the chain has not been tried against every root of the settings"
        if verdict is None
        else None
    )


def _cause(view: BackendView, seen: Handshake, verdict: Trust) -> ChainFault:
    known = Known(seen.chain, path_up(seen.chain), _roots(view), _roots_known(view.case))
    cause = cause_of(verdict, known, ends_somewhere=bool(seen.anchors))
    return _fault(view, seen, cause.kind, cause)


def _unseen_cause(view: BackendView, seen: Handshake) -> ChainFault | None:
    """What our own OpenSSL accepts, and the gateway's may not: a revoked certificate, a weak one."""
    reported = reported_code(view)
    weak = chain_weaknesses(view, seen)
    if reported is not None and reported.kind in _UNSEEN | {"weak"}:
        own = next((it for it in weak if it.code.number == reported.number), None)
        kind = KIND_OF.get(reported.kind, "chain_check_failed")
        cause = Cause(kind, reported, own.depth, own.certificate) if own else Cause(kind, reported)
        return _fault(view, seen, kind, cause, only_gateway_says=True)
    forbidden = next((it for it in weak if it.forbidden), None)
    if forbidden is None or reported_health(view) == "healthy":
        return None
    cause = Cause("certificate_too_weak", forbidden.code, forbidden.depth, forbidden.certificate)
    return _fault(view, seen, cause.kind, cause)


def _fault(
    view: BackendView,
    seen: Handshake,
    kind: ChainFaultKind,
    cause: Cause | None = None,
    *,
    only_gateway_says: bool = False,
) -> ChainFault:
    roots = view.gateway.roots(view.settings)
    anchors = {it.sha256 for it in _roots(view)} if roots else {PUBLIC}
    answers = tuple(trust for trust in seen.trust if trust.anchor in anchors)
    shown = chain_evidence(view, seen, answers, cause)
    path = _way_up(view, seen) or path_up(seen.chain)
    return ChainFault(kind, path, answers, shown, cause, only_gateway_says)


@asked_once
def _roots_known(case: Case) -> frozenset[str]:
    """Subjects of roots that we have seen anywhere: stored on the gateway, or sent by any backend."""
    stored = {it.certificate for it in case.gateway.trusted_roots}
    sent = {
        certificate
        for it in case.observations
        if isinstance(it.outcome, Answered) and it.outcome.handshake is not None
        for certificate in it.outcome.handshake.chain
    }
    known = (it for it in stored | sent if isinstance(it, Certificate) and it.is_root)
    return frozenset(it.subject for it in known)
