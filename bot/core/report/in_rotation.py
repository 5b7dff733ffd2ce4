"""Which servers of a pool clients are sent to, by their health probes, and what that makes of a request.

`minServers` of a probe keeps so many servers of a pool in rotation, whatever they answer
(azure-mgmt-network, ApplicationGatewayProbe.min_servers).
"""

from dataclasses import replace

from bot.core.analysis.client_outcome import ClientOutcome, client_outcome, probe_fails
from bot.core.analysis.probe_answer import AnswerDoubt, answer_fault
from bot.core.analysis.reported_health import reported_health
from bot.core.case.case import Case
from bot.core.case.view import view_of
from bot.core.model.marked import mark
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.client_way import ClientWay
from bot.core.routing.routes import Place


def probes_failing(case: Case) -> dict[Place, dict[str, bool]]:
    """Of each place that clients may be sent to, which of its servers fail the health probe."""
    places = {place for it in case.clients for place in it.way.route.places}
    found: dict[Place, dict[str, bool]] = {}
    for backend in case.backends:
        if backend.place in places:
            fails = probe_fails(view_of(case, backend))
            found.setdefault(backend.place, {})[backend.server] = fails
    return found


def as_sent(
    case: Case, found: ClientOutcome, it: ClientRequest, failing: dict[Place, dict[str, bool]]
) -> ClientOutcome:
    """The same, if the gateway sends clients there at all: a server whose health probe fails gets none.

    Unless it is kept in rotation; where nobody says so of it, nobody knows whether clients get there.
    """
    backend = it.backend
    others = [fails for place in it.way.route.places for fails in failing.get(place, {}).values()]
    if not failing[backend.place][backend.server]:
        return _if_probe_succeeds(case, found, it) if len(others) > 1 else found
    if some_are_kept(case, it):
        return _perhaps_kept(case, found, it, all(others))
    own = f"; sent to {mark(backend.server)} all the same: {found.because}"
    if not all(others):
        because = f"its health probe fails, so clients go to other servers{own}"
        return ClientOutcome("not_tried", because)
    because = f"no server of pool {mark(backend.pool.name)} passes its health probe{own}"
    return replace(found, word="gateway_502", status=502, because=because)


def _if_probe_succeeds(case: Case, found: ClientOutcome, it: ClientRequest) -> ClientOutcome:
    """The same; but where nobody knows whether its health probe succeeds, clients may all go to other servers."""
    probe = view_of(case, it.backend)
    open_ = isinstance(answer_fault(probe), AnswerDoubt) and reported_health(probe) == "unknown"
    if found.served is not False or not open_:
        return found
    because = f"whether its health probe succeeds is not known; sent there: {found.because}"
    return ClientOutcome("not_tried", because)


def _perhaps_kept(
    case: Case, found: ClientOutcome, it: ClientRequest, every_probe_fails: bool
) -> ClientOutcome:
    because = (
        f"its health probe fails, and whether {mark(it.backend.server)} is kept in rotation all the same is not known;"
        f" sent there: {found.because}"
    )
    if every_probe_fails and _fails_everywhere(case, it.way):
        return replace(found, because=because)
    return ClientOutcome("not_tried", because)


def some_are_kept(case: Case, it: ClientRequest) -> bool:
    """Whether the gateway keeps servers of the pool healthy, whatever they answer, and does not say which."""
    view = view_of(case, it.backend)
    probe = case.gateway.probe_of(it.backend.settings)
    return probe is not None and probe.min_servers > 0 and reported_health(view) == "unknown"


def _fails_everywhere(case: Case, way: ClientWay) -> bool:
    """Whether a request fails at whatever server of the way it is sent to, as far as servers were asked."""
    ends = (client_outcome(view_of(case, it.backend, it)) for it in case.clients if it.way == way)
    return all(it.served is False for it in ends)
