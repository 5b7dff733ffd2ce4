"""Nothing listens on the configured port, but the site answers on another one."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.alternate_endpoint import answering_endpoint
from bot.core.analysis.guides import network
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.model.observation import NotConnected


def check(view: BackendView) -> Iterator[Match]:
    """The health probe's port is refused, and the very same request gets a healthy answer on another one."""
    attempt = view.probe_attempt
    match view.case.connection(attempt):
        case NotConnected("refused", address, reason):
            way = answering_endpoint(view)
            if way is not None:
                yield Match(
                    f"Nothing accepts connections on {mark(view.server)} port {attempt.port}, but on port"
                    f" {way.port} the health probe's request is answered as expected.",
                    (
                        Evidence(f"{mark(address)}: {reason}", commands.curl(attempt)),
                        Evidence(
                            f"the same request on port {way.port} is answered",
                            commands.curl(way.attempt),
                        ),
                        Evidence(
                            f"the health probe connects to port {attempt.port}",
                            commands.show_settings(view.gateway, view.backend),
                        ),
                    ),
                    view.backend,
                    # Two services may share a machine: it is likely, not proven, that this one is meant.
                    "medium",
                )


RULE = Rule(
    id="wrong_port",
    severity="error",
    symptom="The backend refuses connections on the port of the HTTP settings, and answers on another one.",
    cause="The port in the HTTP settings (or the probe) is not the one that the server listens on; or the"
    " service on that port is down, and another one on the same machine answers for the same host.",
    remedy="Ask which port the site is meant to have; correct it in the HTTP settings, or start the service.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
    ),
    check=each_backend(check),
    guide=network.CORRECT_PORT,
    explains=("port_refused",),
)
