"""A backend that gives us what it denies the gateway: the same request, from two addresses.

Probes come from the gateway's subnet, or from its public address for a backend with a public one
(learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview), ours from elsewhere.
"""

from bot.core.analysis.health_message import received_status
from bot.core.analysis.reported_health import reported_class
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, Response

DENIED = frozenset({401, 403})


def denied_to_gateway(view: BackendView) -> tuple[int, int] | None:
    """What the gateway's probe gets, as it says itself, and what ours gets; None if that is no such difference.

    Ours need not count as healthy: whatever is wrong with it, the gateway does not get as far.
    """
    there = only_denied_there(view)
    match view.outcome:
        case Answered(http=Response(status=here)) if there is not None and here < 400:
            return there, here
    return None


def only_denied_there(view: BackendView) -> int | None:
    """The 401 or 403 with which the gateway says that its probe is answered, where the same probe of ours is not."""
    there = answered_otherwise_there(view)
    return there if there in DENIED else None


def answered_otherwise_there(view: BackendView) -> int | None:
    """The status that the gateway says its probe is answered with, where the same probe of ours gets another one.

    Where ours gets none, only a denial counts: any other answer is one that we might get as well, once what is in our
    way is gone.
    """
    health = view.server_health
    if health is None or reported_class(view) != "status":
        return None
    there = received_status(health.message)
    here = view.response.status if view.response is not None else None
    contradicts = there in DENIED if here is None else there != here
    return there if contradicts else None
