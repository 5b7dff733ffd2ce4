"""A chain that our own OpenSSL accepts, and the gateway's may not: a short key, an old signature.

The gateway checks that after all else, so what a change ends may have hidden it. Which level of security it has is not
documented (`bot.core.analysis.weak_certificates`): that it accepts such a certificate is known only where it got past
it.
"""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import chain_weaknesses
from bot.core.analysis.contradiction import ANSWER
from bot.core.analysis.reported_health import reported_class, reported_health
from bot.core.analysis.weak_certificates import Weakness
from bot.core.case.case import Case
from bot.core.case.view import BackendView, view_of
from bot.core.model.marked import mark
from bot.core.routing.routes import Place

Member = tuple[Place, str]
"""A server in its place."""


def weak_accepted(now: Case) -> frozenset[str] | None:
    """The certificates with a weakness that the gateway is known to accept (SHA-256); None: none was seen at all."""
    seen = [(it, weak) for it in _views(now) for weak in _weaknesses(it)]
    probed = (weak for it, weak in seen if it.client is None and _got_past_tls(it))
    return frozenset(weak.certificate.sha256 for weak in probed) if seen else None


def weak_chains(then: Case, accepted: frozenset[str]) -> dict[Member, str]:
    """Of which servers it is not known whether the gateway would accept what they serve, and why."""
    found: dict[Member, str] = {}
    for view in _views(then):
        for weak in _weaknesses(view):
            if weak.certificate.sha256 not in accepted:
                because = (
                    f"{mark(view.server)} serves {mark(weak.certificate.subject)}, which {weak.what}: whether the"
                    " gateway accepts that is not known"
                )
                found.setdefault((view.backend.place, view.server), because)
    return found


def _got_past_tls(view: BackendView) -> bool:
    return reported_health(view) == "healthy" or reported_class(view) in ANSWER


def _weaknesses(view: BackendView) -> tuple[Weakness, ...]:
    seen = view.case.handshake(view.attempt) if view.attempt.tls else None
    return chain_weaknesses(view, seen) if seen is not None else ()


def _views(case: Case) -> Iterator[BackendView]:
    """Every health probe, and every request of clients."""
    yield from (view_of(case, it) for it in case.backends)
    yield from (view_of(case, it.backend, it) for it in case.clients if it.can_be_made)
