"""The backend is healthy, but does not know the host name that clients ask for."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_requests import ClientRequest, client_requests, probe_is_answered
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.model.observation import Answered, Response
from bot.core.routing.routes import Backend


def check(case: Case, backend: Backend) -> Iterator[Match]:
    """Proven only by the probe's own path: healthy under the probe's host name, refused under the client's."""
    probe = case.probe_request(backend)
    if not probe_is_answered(case, backend):
        return
    for live in client_requests(case, backend):
        if (live.request.path, live.request.port) != (
            probe.path,
            probe.port,
        ) or live.request.host == probe.host:
            continue
        match case.outcome(live.attempt):
            case Answered(http=Response(status=status)) if status in NOT_KNOWN or status >= 500:
                yield _seen(case, backend, live, status)


def _seen(case: Case, backend: Backend, live: ClientRequest, status: int) -> Match:
    probed = case.probe_request(backend).host
    return Match(
        f"{backend.server} is healthy for the probe's host {probed}, but answers clients of"
        f" {live.client_host} with {status}: they are passed on with Host {live.request.host}.",
        (
            Evidence(
                f"path {live.request.path} with Host {live.request.host}: {status}",
                commands.curl(live.attempt),
            ),
            Evidence(
                f"the same path with Host {probed} is answered as the probe wants",
                commands.curl(case.probe_attempt(backend)),
            ),
            Evidence(
                f"{backend.settings.name} decides the Host header of clients' requests",
                commands.show_settings(case.gateway, backend),
            ),
        ),
        backend,
    )


RULE = Rule(
    id="live_host_unknown",
    severity="error",
    symptom="The health probe succeeds, but requests of clients are turned down for their host name.",
    cause="The HTTP settings pass the client's host name on (or put another one in its place), and the backend is"
    " not bound to it; the probe asks for a name that it knows.",
    remedy="Bind the site's host name to the backend, or let the HTTP settings send a name that it knows.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_backend(check),
)
