"""The backend is healthy, but does not know the host name that clients use."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_requests import ClientRequest, client_requests, probe_is_answered
from bot.core.analysis.guides import page
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, Response


def check(view: BackendView) -> Iterator[Match]:
    """Proven only by the probe's own path: healthy with the probe's host name, rejected with the client's."""
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
        f"{mark(view.server)} is healthy for the probe's host {mark(probed)}, but answers clients of"
        f" {mark(live.client_host)} with {status}: they are forwarded with Host {mark(live.request.host)}.",
        (
            Evidence(
                f"path {mark(live.request.path)} with Host {mark(live.request.host)}: {status}",
                commands.curl(live.attempt),
            ),
            Evidence(
                f"the same path with Host {mark(probed)} is answered as the probe expects",
                commands.curl(view.probe_attempt),
            ),
            Evidence(
                f"{mark(view.settings.name)} decides the Host header of clients' requests",
                commands.show_settings(view.gateway, view.backend),
            ),
        ),
        view.backend,
    )


RULE = Rule(
    id="live_host_unknown",
    severity="error",
    symptom="The health probe succeeds, but clients' requests are rejected because of their host name.",
    cause="The HTTP settings pass on the client's host name (or replace it with another one), and the backend is"
    " not bound to it; the probe asks for a name that it knows.",
    remedy="Bind the backend to the site's host name, or let the HTTP settings send a name that it knows.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_backend(check),
    guide=page.BIND_SITE,
)
