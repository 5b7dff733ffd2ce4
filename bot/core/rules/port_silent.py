"""Packets vanish on the way to the backend."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import network
from bot.core.analysis.reported_health import reported_class, reported_health, why_not_reached
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.audiences import each_request
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, NoResponse, NotConnected, NotTried


def check(view: BackendView) -> Iterator[Said]:
    """The gateway says it cannot connect; a silent port seen only by us stays an open question."""
    outcome = view.connection
    health = view.server_health
    refused = isinstance(outcome, NotConnected) and outcome.kind == "refused"
    if tls_fault(view) is not None or _breaks_off(view):
        # A connection that breaks off is reported in the same words, but has nothing to do with the network.
        return
    says = reported_class(view)
    # A blocked path is also reported as a probe that was answered too late.
    silent = says == "timeout" and isinstance(outcome, NotConnected)
    if (says == "no_connection" or silent) and health is not None and not refused:
        evidence = Evidence(
            f"the gateway says: {health.message}", commands.show_health(view.gateway)
        )
        yield Match(
            f"The gateway cannot connect to {mark(view.server)} port {view.request.port}.",
            (evidence, Evidence(f"from here: {why_not_reached(outcome)}")),
            view.backend,
            "high" if isinstance(outcome, NotConnected | NotTried) else "medium",
        )
    elif isinstance(outcome, NotConnected) and not refused and reported_health(view) == "unknown":
        yield Undecided(
            f"{mark(outcome.address)} cannot be reached from here ({outcome.reason}), and the gateway does not"
            " say whether it gets through",
            view.backend,
        )


def _breaks_off(view: BackendView) -> bool:
    match view.outcome:
        case Answered(http=NoResponse("closed" | "malformed" | "tls" | "http2")):
            return True
    return False


RULE = Rule(
    id="port_silent",
    severity="error",
    symptom="The gateway gets no TCP connection to the backend.",
    cause="A network security group, a route or a firewall drops the packets, or the address is wrong.",
    remedy="Allow the gateway's subnet to reach the backend's port; check the routes of both subnets.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=network.OPEN_PATH,
)
