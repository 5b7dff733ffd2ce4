"""The backend is healthy, but does not know the host name that clients ask for."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_requests import ClientRequest, client_requests, probe_is_answered
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, Response


def check(view: BackendView) -> Iterator[Match]:
    """Proven only by the probe's own path: healthy under the probe's host name, refused under the client's."""
    probe = view.probe_request
    if not probe_is_answered(view):
        return
    for live in client_requests(view):
        if (live.request.path, live.request.port) != (
            probe.path,
            probe.port,
        ) or live.request.host == probe.host:
            continue
        match view.case.outcome(live.attempt):
            case Answered(http=Response(status=status)) if status in NOT_KNOWN or status >= 500:
                yield _seen(view, live, status)


def _seen(view: BackendView, live: ClientRequest, status: int) -> Match:
    probed = view.probe_request.host
    return Match(
        f"{view.server} is healthy for the probe's host {probed}, but answers clients of"
        f" {live.client_host} with {status}: they are passed on with Host {live.request.host}.",
        (
            Evidence(
                f"path {live.request.path} with Host {live.request.host}: {status}",
                commands.curl(live.attempt),
            ),
            Evidence(
                f"the same path with Host {probed} is answered as the probe wants",
                commands.curl(view.probe_attempt),
            ),
            Evidence(
                f"{view.settings.name} decides the Host header of clients' requests",
                commands.show_settings(view.gateway, view.backend),
            ),
        ),
        view.backend,
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
