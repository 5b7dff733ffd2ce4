"""The server turns the gateway away: a sign-in, an access restriction, a client certificate."""

from collections.abc import Iterator

from bot.core.analysis import commands, server_commands
from bot.core.analysis.guides.common import GATEWAY, answers, is_app, server, whereabouts
from bot.core.case.guide import Step, of_backend
from bot.core.case.view import BackendView


def _admit(view: BackendView) -> Iterator[Step]:
    # App Service answers 403 for an app that is stopped as well:
    # learn.microsoft.com/troubleshoot/azure/app-service/web-apps/http-403-errors
    yield from whereabouts(view) if is_app(view) else ()
    yield Step(
        server(view),
        "Make the gateway's own request from a machine in its network and from somewhere else. A refusal in both"
        " places is a sign-in; in one of them, it is a restriction by address:",
        commands.curl(view.attempt),
    )
    yield from _restriction(view)
    yield Step(
        GATEWAY,
        "For a sign-in: let the probe ask for a page that needs none, such as a health page:",
        commands.change(view.gateway, "probe", "update", _probe(view), ("--path", "/HEALTH_PAGE")),
    )
    yield answers(view)


def _restriction(view: BackendView) -> Iterator[Step]:
    subnets = view.gateway.subnets
    if is_app(view):
        text = "For a restriction: see which addresses the app admits:"
        yield Step(server(view), text, server_commands.show_access(view.server))
        for subnet in subnets:
            text = "Admit the gateway's subnet:"
            yield Step(server(view), text, server_commands.allow_subnet(view.server, subnet))
        return
    for subnet in subnets:
        text = "For a restriction: admit the addresses of the gateway's subnet, which this shows:"
        yield Step(server(view), text, server_commands.show_prefixes(subnet))


def _probe(view: BackendView) -> str:
    probe = view.gateway.probe_of(view.settings)
    return probe.name if probe else "PROBE"


def _no_certificate(view: BackendView) -> Iterator[Step]:
    yield Step(
        server(view),
        "See that it asks for a client certificate: the answer names the CAs from which it takes one:",
        server_commands.show_handshake(view.attempt),
    )
    if is_app(view):
        text = "Make the client certificate optional:"
        yield Step(server(view), text, server_commands.ask_no_certificate(view.server))
    else:
        yield Step(
            server(view),
            "Make the client certificate optional, at least for the gateway's subnet (nginx: ssl_verify_client"
            " optional; Apache: SSLVerifyClient optional; IIS: SSL Settings, Accept).",
        )
    # learn.microsoft.com/azure/application-gateway/mutual-authentication-overview
    yield Step(
        GATEWAY,
        "If clients have to prove who they are, verify them at the gateway's listener (mutual authentication).",
    )
    yield answers(view)


ADMIT_GATEWAY = of_backend("Let the backend admit the gateway", _admit)
NO_CLIENT_CERTIFICATE = of_backend(
    "Let the backend do without a client certificate", _no_certificate
)
