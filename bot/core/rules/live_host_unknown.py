"""The backend does not know the host name that clients use."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_outcome import answer_outcome
from bot.core.analysis.guides import page
from bot.core.analysis.known_host import KnownHost, known_host
from bot.core.analysis.probe_answer import SIGN_IN
from bot.core.case.audiences import each_client
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.routing.client_request import ClientRequest

_BY_ADDRESS = (
    "if that site admits callers by their address, this look from here does not say what the gateway gets: ask from a"
    " machine in its network"
)


def check(view: BackendView) -> Iterator[Match]:
    """Proven by the very same path: answered for another host, rejected for the one that clients' requests carry."""
    found = known_host(view)
    if view.client is None or answer_outcome(view).word != "unknown_host" or found is None:
        return
    if view.request.host.lower() != view.probe_request.host.lower():
        yield _seen(view, view.client, found)


def _seen(view: BackendView, client: ClientRequest, found: KnownHost) -> Match:
    sent, other = found.turned_down, found.answered.host
    denied = found.status in SIGN_IN
    return Match(
        f"{mark(view.server)} knows the host {mark(other)}, but answers clients of {mark(client.way.site)} with"
        f" {found.status}: they are forwarded with Host {mark(sent.host)}.",
        (
            Evidence(
                f"path {mark(sent.path or '')} with Host {mark(sent.host)}: {found.status}",
                commands.curl(sent),
            ),
            Evidence(
                f"the same path with Host {mark(other)} is answered",
                commands.curl(found.answered),
            ),
            *((Evidence(_BY_ADDRESS),) if denied else ()),
            Evidence(
                f"{mark(view.settings.name)} decides the Host header of clients' requests",
                commands.show_settings(view.gateway, view.backend),
            ),
        ),
        view.backend,
        "medium" if denied else "high",
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
