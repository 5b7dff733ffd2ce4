"""The backend is healthy, but answers clients later than the HTTP settings allow."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_requests import ClientRequest, client_requests, probe_is_answered
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.model.observation import Answered, NoResponse, Response
from bot.core.routing.routes import Backend


def check(case: Case, backend: Backend) -> Iterator[Said]:
    """Our copy of a client's request took longer than the settings' request time-out."""
    if not probe_is_answered(case, backend):
        return
    for live in client_requests(case, backend):
        took = case.seconds(live.attempt)
        allowed = backend.settings.request_timeout
        match case.outcome(live.attempt):
            case Answered(http=Response()) if took > allowed:
                yield _seen(case, backend, live, f"the answer took {took:.1f} s")
            case Answered(http=NoResponse("timeout")) if took >= allowed:
                yield _seen(case, backend, live, f"no answer within {took:.1f} s")
            case Answered(http=NoResponse("timeout", reason)):
                because = (
                    f"a request for Host {live.request.host}, path {live.request.path}: {reason};"
                    f" {backend.settings.name} allows {allowed} s"
                )
                yield Undecided(because, backend)


def _seen(case: Case, backend: Backend, live: ClientRequest, found: str) -> Match:
    allowed = backend.settings.request_timeout
    # http-response-codes: v2 tries a second member and then says 504.
    error = "502" if case.gateway.generation == "v1" else "504"
    return Match(
        f"{backend.server} does not answer clients of {live.client_host} (path {live.request.path}) within the"
        f" {allowed} s that {backend.settings.name} allows, so they get {error}.",
        (
            Evidence(f"from here: {found}", commands.curl(live.attempt)),
            Evidence(
                f"requestTimeout is {allowed} s", commands.show_settings(case.gateway, backend)
            ),
        ),
        backend,
    )


RULE = Rule(
    id="request_timed_out",
    severity="error",
    symptom="The backend answers clients more slowly than the HTTP settings' request time-out allows.",
    cause="The page is slow, or does long work before its first byte; the probe's page is quick.",
    remedy="Make the page quicker, or raise the request time-out of the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-troubleshooting-502",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/http-response-codes",
    ),
    check=each_backend(check),
)
