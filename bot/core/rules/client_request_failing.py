"""The health probe succeeds, and the application answers clients with an error of its own."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_outcome import client_outcome
from bot.core.analysis.client_requests import probe_is_answered
from bot.core.analysis.guides import service
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.audiences import each_client
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView, view_of
from bot.core.model.asked_once import asked_once
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, NoResponse
from bot.core.routing.client_way import ClientWay


def check(view: BackendView) -> Iterator[Match]:
    """A status of 500 and above, or no HTTP answer at all, where the probe gets a healthy one; or a page is not there.

    Whether a page should be there only its owner knows; but what one server has, the others of its pool have to have.
    """
    if view.client is None or not probe_is_answered(view.of_probe):
        return
    found = client_outcome(view)
    site = mark(view.client.way.site)
    sent = f"Host {mark(view.request.host)}, path {mark(view.request.path)}"
    if found.word == "application_error":
        # Else it is the page to which it redirects that answers so.
        at_once = view.response is not None and view.response.status == found.status
        told = str(found.status) if at_once else found.because
        yield Match(
            f"{mark(view.server)} answers clients of {site} with {found.status}, although it answers the health"
            " probe.",
            (Evidence(f"{sent}: {told}", commands.curl(view.attempt)),),
            view.backend,
        )
    elif found.word == "gateway_502" and _no_answer(view):
        yield Match(
            f"{mark(view.server)} gives clients of {site} no HTTP answer, although it answers the health probe.",
            (Evidence(f"{sent}: {found.because}", commands.curl(view.attempt)),),
            view.backend,
        )
    elif found.word == "unknown_path" and found.status in NOT_KNOWN:
        other = _server_with_page(view.case, view.client.way)
        if other is not None:
            yield Match(
                f"{mark(view.server)} answers clients of {site} with {found.status}, while {mark(other)} of the same"
                " pool has the page.",
                (Evidence(f"{sent}: {found.status}", commands.curl(view.attempt)),),
                view.backend,
            )


@asked_once
def _server_with_page(case: Case, way: ClientWay) -> str | None:
    """A server that gives clients on this way what they ask for."""
    found = (
        it.backend.server
        for it in case.clients
        if it.way == way and client_outcome(view_of(case, it.backend, it)).word == "answered"
    )
    return next(found, None)


def _no_answer(view: BackendView) -> bool:
    match view.outcome:
        case Answered(http=NoResponse("closed" | "malformed" | "tls" | "http2")):
            return view.case.seconds(view.attempt) <= view.settings.request_timeout
    return False


RULE = Rule(
    id="client_request_failing",
    severity="error",
    symptom="The health probe succeeds, but the backend fails the requests of clients.",
    cause="The application fails on the pages that clients ask for, or one server of the pool lacks them, while the"
    " page of the health probe still works.",
    remedy="Read the application's log for the time of the request, and let the health probe ask for a page that"
    " depends on what clients need.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/http-response-codes",
    ),
    check=each_client(check),
    guide=service.FIX_APPLICATION,
)
