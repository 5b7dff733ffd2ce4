"""What rules share when they look at a backend: did we see it, and if not, whose fault is that?

Our own probe runs elsewhere than the gateway's: other subnet, other DNS, other firewall rules
(learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview: probes of private backends
come from the gateway's subnet). So a connection that fails *for us* accuses the backend only if the gateway's
own report does not contradict that.
"""

from typing import Literal, assert_never

from bot.core.analysis.health_message import MessageClass, classify
from bot.core.case.finding import Undecided
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import is_ip
from bot.core.model.health import BackendHealth, ServerHealth
from bot.core.model.marked import mark
from bot.core.model.observation import (
    Answered,
    Handshake,
    HandshakeFailed,
    NotConnected,
    NotTried,
    Outcome,
    Unresolved,
)

ReportedState = Literal["healthy", "unhealthy", "unknown"]

REACH: frozenset[MessageClass] = frozenset({"no_connection", "timeout", "dns"})
"""Messages that say the gateway itself did not get through to the backend."""

UNTELLING: frozenset[MessageClass] = frozenset({"other", "https_failed", "root_unreadable"})
"""Messages that do not say how far the gateway got."""


@asked_once
def reported_health(view: BackendView) -> ReportedState:
    """What the gateway says of the backend, as one of three."""
    health = view.server_health
    if health is None or not_retrieved(health):
        return "unknown"
    if health.is_healthy:
        return "unknown" if _kept_healthy(view) else "healthy"
    return "unhealthy"


def kept_in_rotation(view: BackendView) -> bool:
    """Whether clients are sent there although its probe may fail, because `minServers` keeps it healthy.

    The gateway says which servers those are; where it does not, that is sure only if they are all of the pool.
    """
    probe = view.gateway.probe_of(view.settings)
    if probe is None or probe.min_servers == 0:
        return False
    health = view.server_health
    if health is not None and not not_retrieved(health):
        return health.is_healthy
    members = {it.server for it in view.case.backends if it.place == view.backend.place}
    return len(members) <= probe.min_servers


def not_retrieved(health: ServerHealth) -> bool:
    """Whether Azure could not fetch the health; recorded answers then say `Unhealthy` as well as `Unknown`."""
    return health.state == "unknown" or classify(health.message) == "not_retrieved"


def _kept_healthy(view: BackendView) -> bool:
    """Whether the gateway may call it healthy only to keep `minServers` of the pool healthy, whatever they answer.

    Source: azure-mgmt-network, ApplicationGatewayProbe.min_servers.
    """
    probe = view.gateway.probe_of(view.settings)
    if probe is None or probe.min_servers == 0 or not isinstance(view.case.health, BackendHealth):
        return False
    return view.case.health.healthy_at(view.backend.place) <= probe.min_servers


@asked_once
def reported_class(view: BackendView) -> MessageClass | None:
    """The class of the gateway's message, if it calls the backend unhealthy."""
    if reported_health(view) != "unhealthy":
        return None
    health = view.server_health
    return classify(health.message if health else None)


@asked_once
def probe_handshake(view: BackendView) -> Handshake | Undecided | None:
    """The handshake that the gateway's probe would get.

    `Undecided` if it could not be seen and might be at fault; None if it does not matter: plain HTTP, or the
    gateway calls the backend healthy, or the connection fails in a way that is another rule's symptom.
    """
    if view.request.protocol == "http":
        return None
    match view.connection:
        case Answered(handshake=Handshake() as handshake):
            return handshake
        case outcome:
            doubt = why_unobserved(view, outcome)
            return Undecided(doubt, view.backend) if doubt else None


def why_unobserved(view: BackendView, outcome: Outcome) -> str | None:
    """Why nothing is known of what the backend serves; None if that is no open question.

    What clients' requests meet beyond the port is no question where even the port is not reached.
    """
    if view.client is not None:
        return None
    if reported_health(view) == "healthy" or isinstance(outcome, HandshakeFailed):
        return None
    if isinstance(view.case.health, BackendHealth) and reported_class(view) in REACH:
        return None
    return why_not_reached(outcome)


def address_of(outcome: Outcome) -> str | None:
    """Which address a connection went to; None if there was none, or it was redirected on purpose."""
    match outcome:
        case Answered(address) | HandshakeFailed(_, address) | NotConnected(_, address):
            return address if is_ip(address) else None
    return None


def why_not_reached(outcome: Outcome) -> str:
    """In words, why an attempt of ours did not get to see the backend."""
    match outcome:
        case NotTried(reason):
            return f"the backend was not contacted: {reason}"
        case Unresolved(name, reason):
            return f"{mark(name)} does not resolve from here: {reason}"
        case NotConnected(_, address, reason):
            return f"{mark(address)} cannot be reached from here: {reason}"
        case HandshakeFailed(_, address, _, reason):
            return f"{mark(address)} does not complete a TLS handshake: {reason}"
        case Answered():
            return "the backend was reached"
        case _ as never:
            assert_never(never)
