"""A change that leads the gateway to another port, or into another handshake: was every address of the name seen there?

A gateway connects to any address that a name has, and not always to the one that answered us.
"""

from collections.abc import Sequence

from bot.core.analysis.addresses import every_address, probe_results
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.remedies.trial import CannotTell
from bot.core.routing.routes import Backend


def not_seen_everywhere(now: Case, then: Case, targets: Sequence[Backend]) -> CannotTell | None:
    """Whether an address of a backend that the change is for gave no answer to the probe that it brings."""
    known = {_connection(BackendView(now, it)) for it in targets}
    places = {it.place for it in targets}
    for backend in then.backends:
        view = BackendView(then, backend)
        if backend.place in places and _connection(view) not in known:
            addresses = every_address(then, backend.server)
            for address, result in probe_results(view, addresses).items():
                if result in ("unreachable", "unknown"):
                    port = view.probe_request.port
                    return CannotTell(
                        f"{mark(address)}, another address of {mark(backend.server)}, gave us no answer on port {port}"
                    )
    return None


def _connection(view: BackendView) -> object:
    attempt = view.probe_attempt
    return attempt.handshake, attempt.tls
