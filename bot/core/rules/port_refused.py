"""Nothing listens on the port."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import service
from bot.core.analysis.reported_health import (
    REACH,
    UNTELLING,
    reported_class,
    reported_health,
)
from bot.core.case.audiences import each_request
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.model.observation import NotConnected


def check(view: BackendView) -> Iterator[Said]:
    """Our connection was refused, and the gateway does not say that it gets through."""
    attempt = view.attempt
    outcome = view.case.connection(attempt)
    if not (isinstance(outcome, NotConnected) and outcome.kind == "refused"):
        return
    says = reported_class(view)
    if reported_health(view) == "healthy":
        return
    if says is not None and says not in REACH | UNTELLING:
        yield Undecided(
            f"port {attempt.port} of {mark(outcome.address)} refuses connections from here,"
            " but the gateway gets further",
            view.backend,
        )
        return
    evidence = Evidence(f"{mark(outcome.address)}: {outcome.reason}", commands.curl(attempt))
    yield Match(
        f"Nothing accepts connections on {mark(view.server)} port {attempt.port}.",
        (evidence,),
        view.backend,
        "high" if says in REACH else "medium",
    )


RULE = Rule(
    id="port_refused",
    severity="error",
    symptom="The backend refuses TCP connections on the port of the HTTP settings.",
    cause="The service is down or listens on another port, or a firewall rejects the connection.",
    remedy="Start the service, or correct the port in the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=service.START_SERVICE,
)
