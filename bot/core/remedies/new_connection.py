"""What the gateway meets where a change leads it, as far as that is not what we met.

It may be denied what we are given. On another port, or in another handshake, it connects to any address that a name
has, and not always to the one that answered us; and its hello may be longer than ours.
"""

from collections.abc import Mapping, Sequence

from bot.core.analysis.addresses import every_address, probe_results
from bot.core.analysis.gateway_denied import answered_otherwise_there
from bot.core.analysis.large_client_hello import refused, untold_on_paper
from bot.core.analysis.reported_health import REACH, reported_class, reported_health
from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis
from bot.core.case.view import BackendView, view_of
from bot.core.model.marked import mark
from bot.core.remedies.trial import CannotTell
from bot.core.remedies.weak_chain import Member
from bot.core.routing.routes import Backend


def answered_otherwise(now: Case) -> Mapping[Member, CannotTell]:
    """The servers that answer the gateway's probe otherwise than ours, as it reports, and what that leaves open.

    It may be denied what we are given, or be denied it in another way. Nothing that ends what we see, or makes the
    probe accept it, is known to end that.
    """
    found = ((it, answered_otherwise_there(view_of(now, it))) for it in now.backends)
    return {
        (it.place, it.server): CannotTell(
            f"{mark(it.server)} answers the gateway with {status}, as it says itself, and not us"
        )
        for it, status in found
        if status is not None
    }


def failing_for_the_gateway_alone(now: Case, seen: Diagnosis) -> Mapping[Member, CannotTell]:
    """The same of servers whose probe fails, as the gateway reports, where we `seen` nothing that a probe would meet.

    A fault that only clients meet is no reason for that: whoever ends it does not know that the probe succeeds then.
    """
    met = {
        (it.match.backend.place, it.match.backend.server)
        for it in seen.errors
        if it.match.backend is not None and it.match.concerns != "clients"
    }
    return {
        (it.place, it.server): CannotTell(
            f"why the health probe of {mark(it.server)} fails for the gateway was not seen"
        )
        for it in now.backends
        if reported_health(view_of(now, it)) == "unhealthy" and (it.place, it.server) not in met
    }


def unreached_by_the_gateway(
    now: Case, then: Case, doubts: Mapping[Member, CannotTell]
) -> Mapping[Member, CannotTell]:
    """The servers to which a change leads requests anew, and of which the gateway says something in another place.

    A name that it cannot resolve, or a port that it cannot reach, is no better by another rule. Nor is what is open
    of that server in the place that it has (`doubts`).
    """
    old = {(it.place, it.server) for it in now.backends}
    found: dict[Member, CannotTell] = {}
    for new in then.backends:
        if (new.place, new.server) in old:
            continue
        port = view_of(then, new).probe_request.port
        for it in now.backends_of(new.server):
            says = _not_reached(view_of(now, it), port) or doubts.get((it.place, it.server))
            if says is not None:
                found[new.place, new.server] = says
    return found


def _not_reached(view: BackendView, port: int) -> CannotTell | None:
    said = reported_class(view)
    if said not in REACH or (said != "dns" and view.probe_request.port != port):
        return None
    what = "resolve" if said == "dns" else f"connect to port {port} of"
    return CannotTell(f"the gateway cannot {what} {mark(view.server)}, as it says itself")


def not_seen_there(now: Case, then: Case, targets: Sequence[Backend]) -> CannotTell | None:
    """What of a backend that the change is for gave no answer to the probe that it brings; None: nothing did."""
    known = {_connection(view_of(now, it)) for it in targets}
    places = {it.place for it in targets}
    views = (view_of(then, it) for it in then.backends if it.place in places)
    doubts = (_doubt(it) for it in views if _connection(it) not in known)
    because = next(filter(None, doubts), None)
    return CannotTell(because) if because else None


def _doubt(view: BackendView) -> str | None:
    server, port = mark(view.server), view.probe_request.port
    if untold_on_paper(view) and refused(view) is not None:
        return f"{server} refuses a large ClientHello on port {port}, and how long the gateway's is is not known"
    results = probe_results(view, every_address(view.case, view.server))
    unseen = [address for address, it in results.items() if it in ("unreachable", "unknown")]
    if unseen:
        return f"{mark(unseen[0])}, another address of {server}, gave us no answer on port {port}"
    return None


def _connection(view: BackendView) -> object:
    attempt = view.probe_attempt
    return attempt.handshake, attempt.tls
