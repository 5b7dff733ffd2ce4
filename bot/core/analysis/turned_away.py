"""A server that the gateway calls healthy, and that cuts our copy of its health probe off without a word.

It may admit callers by their address (an access restriction, a firewall in between): then what it does to us says
nothing of what it does to the gateway, neither to its probes nor to the requests of clients. That it states a reason,
in an alert or an answer, is another matter.
"""

from bot.core.analysis.reported_health import reported_health, why_not_reached
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.observation import Answered, HandshakeFailed, NoResponse, NotConnected


@asked_once
def turned_away(view: BackendView) -> str | None:
    """How it cut our health probe off; None if it did not, or if the gateway does not get through either."""
    probe = view.of_probe
    if reported_health(probe) != "healthy":
        return None
    match probe.connection:
        case NotConnected("refused") | HandshakeFailed("closed", alert=None) as cut_off:
            return None if any(probe.handshakes) else why_not_reached(cut_off)
    match probe.outcome:
        case Answered(http=NoResponse("closed", reason)):
            return reason
    return None
