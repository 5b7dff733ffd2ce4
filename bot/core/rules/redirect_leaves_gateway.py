"""The application sends clients past the gateway, or to the same page again and again."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import site
from bot.core.analysis.redirects import location_changed_by, redirected_astray
from bot.core.case.audiences import each_client
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark

_WHERE = {
    "past": "its own address, past the gateway",
    "loop": "the address that they asked for, again and again",
    "sent_back": "an address from which the gateway's own redirect sends them back, again and again",
    "unserved": "a port at which the gateway has no listener for their host",
}


def check(view: BackendView) -> Iterator[Match]:
    """A client's request is redirected to the server's own name, or over https to what it asked for."""
    astray = redirected_astray(view)
    if astray is None or view.client is None:
        return
    yield Match(
        f"{mark(view.server)} redirects clients of {mark(view.client.way.site)} to {_WHERE[astray.kind]}:"
        f" {astray.status}, Location {mark(astray.location)}.",
        (
            Evidence(
                f"{view.request.protocol.upper()} to port {view.request.port}, Host {mark(view.request.host)}, path"
                f" {mark(view.request.path)}: {astray.status}, Location {mark(astray.location)}",
                commands.curl(view.attempt),
            ),
            Evidence(
                f"{mark(view.settings.name)} speaks {view.request.protocol.upper()} to port {view.request.port}",
                commands.show_settings(view.gateway, view.backend),
            ),
            *_rewritten(view),
        ),
        view.backend,
        # Something before the gateway may listen there.
        "medium" if astray.kind == "unserved" else "high",
    )


def _rewritten(view: BackendView) -> Iterator[Evidence]:
    by = location_changed_by(view)
    if by is not None:
        yield Evidence(by, commands.show_gateway(view.gateway, "rewriteRuleSets"))


RULE = Rule(
    id="redirect_leaves_gateway",
    severity="error",
    symptom="Clients are redirected past the gateway, or to the same page without end.",
    cause="The application serves HTTPS only and the HTTP settings speak plain HTTP to it, or it does not know the"
    " host name that clients use and redirects to its own; or the gateway has no listener for HTTPS.",
    remedy="Let the HTTP settings speak HTTPS to the port that the redirect names, or make the application trust"
    " `X-Forwarded-Proto` and use the clients' host name.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-app-service-redirection-app-service-url",
        "https://learn.microsoft.com/azure/architecture/best-practices/host-name-preservation",
    ),
    check=each_client(check),
    guide=site.SPEAK_HTTPS,
    explains=("probe_redirected",),
)
