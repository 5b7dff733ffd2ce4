"""A server that completes TLS with a small ClientHello, and not with one longer than a packet.

Since clients offer post-quantum key exchange, their ClientHello no longer fits into one packet; servers, load
balancers and firewalls that read one packet only drop or reset it (https://tldr.fail). A v1 gateway speaks TLS 1.2,
whose hello has no key share (RFC 8446, 4.2.8), so its own is never that long.
"""

from dataclasses import replace
from typing import Literal

from bot.core.analysis.health_message import MessageClass
from bot.core.analysis.probe_fault import fault_seen
from bot.core.analysis.reported_health import reported_class, reported_health
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.case import NOT_MADE, Case
from bot.core.case.likeness import asked_of_alike
from bot.core.case.view import BackendView, view_of
from bot.core.model.asked_once import asked_once
from bot.core.model.health import SimulatedHealth
from bot.core.model.observation import (
    Answered,
    Attempt,
    Handshake,
    HandshakeFailed,
    Outcome,
    Response,
)
from bot.core.routing.routes import Backend

Suspicion = Literal["cannot_reach", "unsaid"]
"""Why a large hello may matter: the gateway says that it does not get through, or nothing of the backend."""

# What is said where no TLS session is established at all: nothing about a server that answers us explains it.
_NO_SESSION: frozenset[MessageClass] = frozenset({"no_connection", "timeout"})
# What is said for lack of a better message; dates are blamed wrongly (MicrosoftDocs/azure-docs, issue 41492).
_VAGUE: frozenset[MessageClass] = frozenset({"other", "not_in_date"})


@asked_once
def large_client_hello(view: BackendView) -> Attempt:
    """The handshake of the gateway's probe with a large hello, and no request."""
    own = view.probe_attempt
    return replace(own, host=own.sni or own.server, path=None, hello="full")


@asked_of_alike
def suspicion(view: BackendView) -> Suspicion | None:
    """Whether a large hello may be what keeps the gateway away; None where something else explains it, or nothing does.

    On paper, what the gateway said before counts: a change of its settings does not shorten its hello.
    """
    if view.gateway.traits.newest_tls == "TLSv1.2" or not _served_well(view):
        return None
    asked, named = _before(view)
    says = reported_class(view_of(asked, named))
    if says in _NO_SESSION:
        return "cannot_reach"
    if fault_seen(view):
        return None
    if says in _VAGUE:
        return "cannot_reach"
    silent = reported_health(view_of(asked, named)) == "unknown" and not isinstance(
        view.case.health, SimulatedHealth
    )
    return "unsaid" if silent else None


@asked_of_alike
def untold_on_paper(view: BackendView) -> bool:
    """Whether nobody says if the gateway would get through to where a change leads it: then a large hello is tried."""
    if view.gateway.traits.newest_tls == "TLSv1.2" or not _served_well(view):
        return False
    asked, named = _before(view)
    return reported_health(view_of(asked, named)) == "unknown"


def refused(view: BackendView) -> HandshakeFailed | None:
    """How the large hello was rejected; None if it was accepted, or not tried."""
    outcome = tried(view)
    return outcome if isinstance(outcome, HandshakeFailed) else None


@asked_once
def tried(view: BackendView) -> Outcome:
    """What came of a large hello; of one with another name, where this one was not tried."""
    wanted = large_client_hello(view)
    exact = view.case.outcome(wanted)
    if exact != NOT_MADE:
        return exact
    server = view.case.resolve_alias(wanted).server
    others = (
        it.outcome
        for it in view.case.observations_at(server, wanted.port)
        if it.attempt.hello == "full"
    )
    return next(others, NOT_MADE)


@asked_of_alike
def _served_well(view: BackendView) -> bool:
    """Whether the small hello led to an answer in time: else the cause is unrelated."""
    attempt = view.probe_attempt
    match view.case.outcome(attempt):
        case Answered(handshake=Handshake(), http=Response()):
            in_time = view.case.seconds(attempt) <= view.probe_request.timeout
            return in_time and tls_fault(view) is None
    return False


def _before(view: BackendView) -> tuple[Case, Backend]:
    """Where to look for what the gateway says; on paper, the backend by the address that its name is taken to mean."""
    if not isinstance(view.case.health, SimulatedHealth):
        return view.case, view.backend
    server = view.case.resolve_alias(view.probe_attempt).server
    named = view.backend if server == view.server else replace(view.backend, server=server)
    return _as_reported(view.case), named


@asked_once
def _as_reported(case: Case) -> Case:
    said = case.health
    return replace(case, health=said.before) if isinstance(said, SimulatedHealth) else case
