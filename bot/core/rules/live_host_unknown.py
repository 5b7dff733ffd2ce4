"""The backend does not know the host name that clients use."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis import commands
from bot.core.analysis.client_outcome import answer_outcome, host_known_instead
from bot.core.analysis.guides import page
from bot.core.case.audiences import each_client
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.routing.client_request import ClientRequest


def check(view: BackendView) -> Iterator[Match]:
    """Proven by the very same path: answered for another host, rejected for the one that clients' requests carry."""
    found = answer_outcome(view)
    other = host_known_instead(view)
    if view.client is None or found.word != "unknown_host" or other is None:
        return
    if view.request.host.lower() != view.probe_request.host.lower():
        yield _seen(view, view.client, other, found.status)


def _seen(view: BackendView, client: ClientRequest, other: str, status: int | None) -> Match:
    sent = view.request
    return Match(
        f"{mark(view.server)} knows the host {mark(other)}, but answers clients of {mark(client.way.site)} with"
        f" {status}: they are forwarded with Host {mark(sent.host)}.",
        (
            Evidence(
                f"path {mark(sent.path)} with Host {mark(sent.host)}: {status}",
                commands.curl(view.attempt),
            ),
            Evidence(
                f"the same path with Host {mark(other)} is answered",
                commands.curl(replace(view.attempt, host=other)),
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
    symptom="Clients' requests are rejected because of their host name, which differs from the health probe's.",
    cause="The HTTP settings pass on the client's host name (or replace it with another one), and the backend is"
    " not bound to it; the probe asks for a name that it knows.",
    remedy="Bind the backend to the site's host name, or let the HTTP settings send a name that it knows.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_client(check),
    guide=page.BIND_SITE,
)
