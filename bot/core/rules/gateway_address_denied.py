"""The backend denies the gateway what it gives to us."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.gateway_denied import denied_to_gateway
from bot.core.analysis.guides import access
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """401 or 403 for the gateway, as it says itself, and a healthy answer to the very same request from here."""
    statuses = denied_to_gateway(view)
    if statuses is None or view.server_health is None:
        return
    there, here = statuses
    yield Match(
        f"{mark(view.server)} answers the gateway with {there}, and the very same request from here with {here}: it"
        " seems to admit callers by their address, and not the gateway's.",
        (
            Evidence(
                f"the gateway says: {view.server_health.message}",
                commands.show_health(view.gateway),
            ),
            Evidence(
                f"from here, Host {mark(view.probe_request.host)} and path {mark(view.probe_request.path)} get {here}",
                commands.curl(view.probe_attempt),
            ),
        ),
        view.backend,
        # The report is a cache: the backend may have changed since.
        "medium",
    )


RULE = Rule(
    id="gateway_address_denied",
    severity="error",
    symptom="The backend answers the gateway with 401 or 403, and others as it should.",
    cause="Access restrictions of the app, an IP filter of the web server or a firewall admit certain addresses, and"
    " the gateway's subnet (or, for a backend with a public address, the gateway's public address) is not among them.",
    remedy="Admit the gateway's subnet in the backend's access restrictions, and its public address where the backend"
    " is reached over a public one.",
    sources=(
        "https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_backend(check),
    guide=access.ADMIT_GATEWAY,
)
