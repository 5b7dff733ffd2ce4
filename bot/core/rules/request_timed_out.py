"""The backend is healthy, but answers clients later than the HTTP settings allow."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_requests import probe_is_answered
from bot.core.analysis.guides import service
from bot.core.analysis.lateness import longest_wait
from bot.core.case.audiences import each_client
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, NoResponse, Response
from bot.core.routing.client_request import ClientRequest


def check(view: BackendView) -> Iterator[Said]:
    """Our copy of a client's request took longer than the settings' request time-out."""
    client = view.client
    if client is None or not probe_is_answered(view.of_probe):
        return
    took = view.case.seconds(view.attempt)
    allowed = view.settings.request_timeout
    match view.outcome:
        case Answered(http=Response()) if took > allowed:
            yield _seen(view, client, f"the answer took {took:.1f} s")
        case Answered(http=NoResponse()) if took > allowed:
            # However it ended: the gateway had given up by then.
            yield _seen(view, client, f"no answer within {took:.1f} s")
        case Answered(http=NoResponse("timeout")) if (waited := longest_wait(view)) >= allowed:
            under = "" if waited == took else ", under another SNI"
            yield _seen(view, client, f"no answer within {waited:.1f} s{under}")
        case Answered(http=NoResponse("timeout", reason)):
            because = (
                f"a request for Host {mark(view.request.host)}, path {mark(view.request.path)}: {reason};"
                f" {mark(view.settings.name)} allows {allowed} s"
            )
            yield Undecided(because, view.backend)


def _seen(view: BackendView, client: ClientRequest, found: str) -> Match:
    allowed = view.settings.request_timeout
    # http-response-codes: v2 tries a second member and then says 504.
    error = view.gateway.traits.late_answer
    return Match(
        f"{mark(view.server)} does not answer clients of {mark(client.way.site)} (path"
        f" {mark(client.request.path)}) within the {allowed} s that {mark(view.settings.name)} allows, so they get"
        f" {error}.",
        (
            Evidence(f"from here: {found}", commands.curl(client.attempt)),
            Evidence(
                f"requestTimeout is {allowed} s", commands.show_settings(view.gateway, view.backend)
            ),
        ),
        view.backend,
    )


RULE = Rule(
    id="request_timed_out",
    severity="error",
    symptom="The backend answers clients more slowly than the HTTP settings' request time-out allows.",
    cause="The page is slow, or works for a long time before its first byte; the probe's page is quick.",
    remedy="Make the page faster, or raise the request time-out of the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-troubleshooting-502",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/http-response-codes",
    ),
    check=each_client(check),
    guide=service.SPEED_UP_SITE,
)
