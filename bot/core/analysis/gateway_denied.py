"""A backend that gives us what it denies the gateway: the same request, from two addresses.

Probes come from the gateway's subnet, or from its public address for a backend with a public one
(learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview), ours from elsewhere.
"""

from bot.core.analysis.health_message import received_status
from bot.core.analysis.probe_answer import answer_fault
from bot.core.analysis.reported_health import reported_class
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, Response
from bot.core.model.status_ranges import in_ranges

DENIED = frozenset({401, 403})


def denied_to_gateway(view: BackendView) -> tuple[int, int] | None:
    """What the gateway's probe gets, as it says itself, and what ours gets; None if that is no such difference."""
    health = view.server_health
    if health is None or reported_class(view) != "status":
        return None
    there = received_status(health.message)
    match view.outcome:
        case Answered(http=Response(status=here)) if (
            in_ranges(here, view.probe_request.match.status_codes) and answer_fault(view) is None
        ):
            return (there, here) if there in DENIED else None
    return None
