"""Why a v2 gateway does not accept a served chain: exactly one kind each, so that no two rules claim it.

What a v2 gateway expects: the leaf, then its intermediates, then (ideally) the root, in that order, ending in a root
of the HTTP settings or, if they list none, in a well-known CA:
https://learn.microsoft.com/azure/application-gateway/ssl-overview and
https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting

OpenSSL checks the signatures (`Handshake.trust`); here only names are followed, to say which link is missing.
"""

from dataclasses import dataclass
from typing import Literal

from bot.core.analysis import commands
from bot.core.analysis.reported_health import probe_handshake, reported_health
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Undecided
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.hostname import certificate_names, covers
from bot.core.model.marked import mark
from bot.core.model.observation import PUBLIC, Answered, Handshake, Trust

ChainFaultKind = Literal[
    "self_signed_not_ca",
    "leaf_not_first",
    "leaf_missing",
    "intermediate_missing",
    "out_of_order",
    "root_not_trusted",
]


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A chain that the gateway does not accept.

    `path` is the leaf and, as far as they were sent, its issuers; `answers` are OpenSSL's for the roots that count;
    `evidence` shows the chain as it was served, and those answers.
    """

    kind: ChainFaultKind
    path: tuple[Certificate, ...]
    answers: tuple[Trust, ...]
    evidence: tuple[Evidence, ...]

    @property
    def root_sent(self) -> bool:
        """Whether the chain goes up to a certificate that issued itself."""
        return self.path[-1].self_issued


def chain_fault(view: BackendView) -> ChainFault | Undecided | None:
    """The one thing that is wrong with the chain; None if nothing is, or it is not checked (v1, switched off)."""
    if not view.gateway.traits.verifies_chain or not view.settings.validate_chain:
        return None
    seen = probe_handshake(view)
    if seen is None or isinstance(seen, Undecided):
        return seen
    if not seen.chain:
        return None
    answers = _answers(view, seen)
    order = _order(seen.chain, view.request.sni)
    trusted = any(trust.code == 0 for trust in answers)
    if order is None and not trusted:
        doubt = _doubt(view, len(answers))
        if doubt is not None:
            return None if reported_health(view) == "healthy" else Undecided(doubt, view.backend)
    path = path_up(seen.chain)
    kind = order or (_disorder(seen.chain, path) if trusted else _lacking(view.case, seen, path))
    if kind is None:
        return None
    return ChainFault(kind, path, answers, _evidence(view, seen, answers))


def leaf_elsewhere(view: BackendView) -> bool:
    """Whether the first certificate is not the server's own: then its names mean nothing."""
    fault = chain_fault(view)
    return isinstance(fault, ChainFault) and fault.kind in ("leaf_not_first", "leaf_missing")


def anchors_in_use(view: BackendView) -> tuple[Certificate, ...]:
    """The roots of the settings in which the served chain ends; dates are left out of it."""
    handshake = view.case.handshake(view.attempt)
    good = {it.anchor for it in (handshake.trust if handshake else ()) if it.code == 0}
    stored = (it.certificate for it in view.gateway.roots(view.settings))
    return tuple(it for it in stored if isinstance(it, Certificate) and it.sha256 in good)


def _order(chain: tuple[Certificate, ...], wanted: str | None) -> ChainFaultKind | None:
    """What is wrong with the leaf's position, whatever the roots are."""
    first, *rest = chain
    if first.self_signed and not first.is_ca:
        # Treated as a leaf whose issuer is missing, whether uploaded or not (the note on self-signed
        # certificates in application-gateway-backend-health-troubleshooting).
        return "self_signed_not_ca"
    others = [it for it in rest if not it.is_ca]
    if first.is_ca and others:
        return "leaf_not_first"
    if wanted and not covers(first, wanted) and any(covers(it, wanted) for it in others):
        return "leaf_not_first"
    return "leaf_missing" if first.is_ca and not _serves_as_leaf(first, rest) else None


def _serves_as_leaf(first: Certificate, rest: list[Certificate]) -> bool:
    """A self-signed CA may be the server's own certificate, and so may one that carries host names."""
    named = any("." in name and " " not in name for name in certificate_names(first))
    return named or (first.self_signed and not rest)


def _answers(view: BackendView, seen: Handshake) -> tuple[Trust, ...]:
    # With roots listed, only those count: ssl-overview, "trusted root certificates" on v2.
    stored = view.gateway.roots(view.settings)
    readable = {it.certificate.sha256 for it in stored if isinstance(it.certificate, Certificate)}
    anchors = readable if stored else {PUBLIC}
    return tuple(trust for trust in seen.trust if trust.anchor in anchors)


def _doubt(view: BackendView, answered: int) -> str | None:
    stored = view.gateway.roots(view.settings)
    for it in stored:
        if isinstance(it.certificate, Unreadable):
            return (
                f"the root {mark(it.name)} of the settings cannot be read here ({it.certificate.reason}),"
                " so it is not known whether the chain ends in it"
            )
    if answered < (len({it.certificate for it in stored}) or 1):
        return "the chain has not been tried against every root of the settings"
    return None


def path_up(chain: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """From the first certificate up, issuer by issuer, as far as they were sent."""
    path, rest = [chain[0]], list(chain[1:])
    while not path[-1].self_issued:
        issuer = next((it for it in rest if it.subject == path[-1].issuer), None)
        if issuer is None:
            break
        rest.remove(issuer)
        path.append(issuer)
    return tuple(path)


def _disorder(
    chain: tuple[Certificate, ...], path: tuple[Certificate, ...]
) -> ChainFaultKind | None:
    places = [chain.index(it) for it in path]
    return None if places == sorted(places) else "out_of_order"


def _lacking(case: Case, seen: Handshake, path: tuple[Certificate, ...]) -> ChainFaultKind:
    ends_in_some_root = any(trust.code == 0 for trust in seen.trust)
    top = path[-1]
    if ends_in_some_root or top.self_issued or len(path) > 1:
        return "root_not_trusted"
    return "root_not_trusted" if top.issuer in _roots_known(case) else "intermediate_missing"


def _roots_known(case: Case) -> set[str]:
    """Subjects of roots that we have seen anywhere: stored on the gateway, or sent by any backend."""
    stored = {it.certificate for it in case.gateway.trusted_roots}
    sent = {
        certificate
        for it in case.observations
        if isinstance(it.outcome, Answered) and it.outcome.handshake is not None
        for certificate in it.outcome.handshake.chain
    }
    return {it.subject for it in stored | sent if isinstance(it, Certificate) and it.is_root}


def _evidence(
    view: BackendView, seen: Handshake, answers: tuple[Trust, ...]
) -> tuple[Evidence, ...]:
    chain = "; ".join(f"{mark(it.subject)} issued by {mark(it.issuer)}" for it in seen.chain)
    served = Evidence(f"served chain: {chain}", commands.openssl(view.attempt))
    stored = {
        it.certificate.sha256: it.name
        for it in view.gateway.roots(view.settings)
        if isinstance(it.certificate, Certificate)
    }
    tried = (
        Evidence(
            f"against {_anchor_name(answer.anchor, stored)}: {answer.text} (OpenSSL code {answer.code})",
            commands.show_settings(view.gateway, view.backend),
        )
        for answer in answers
    )
    return (served, *tried)


def _anchor_name(anchor: str, stored: dict[str, str]) -> str:
    return "the public CAs" if anchor == PUBLIC else f"root {mark(stored[anchor])} ({anchor})"
