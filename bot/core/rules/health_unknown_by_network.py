"""Azure could not fetch the backend health from the gateway's instances."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.health_message import classify
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import view_of
from bot.core.model.generation import V1, V2
from bot.core.model.unavailable import Unavailable


def check(case: Case) -> Iterator[Match]:
    """Said once for the gateway: what is blocked is the way to its instances, not to a backend."""
    for backend in case.backends:
        health = view_of(case, backend).server_health
        if health is not None and classify(health.message) == "not_retrieved":
            yield Match(
                "Azure could not fetch the backend health from the gateway; traffic may be flowing all the same.",
                tuple(_evidence(case, health.message or "")),
            )
            return


def _evidence(case: Case, message: str) -> Iterator[Evidence]:
    yield Evidence(f"the gateway says: {message}", commands.show_health(case.gateway))
    if isinstance(case.network, Unavailable):
        yield Evidence(
            f"its security group, routes and DNS servers are not known: {case.network.reason}"
        )


RULE = Rule(
    id="health_unknown_by_network",
    severity="warning",
    symptom="Azure cannot fetch the backend health from the gateway.",
    cause=f"A security group, route or firewall around the gateway's subnet blocks ports {V1.ports} (v1) or"
    f" {V2.ports} (v2), or a pool member's name does not resolve there.",
    remedy="Allow these ports from GatewayManager, point the default route to the internet (v2), and check DNS.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
    ),
    check=check,
)
