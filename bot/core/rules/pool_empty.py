"""A backend pool that requests are sent to has no members."""

from collections.abc import Iterator

from bot.core import commands
from bot.core.backend import Route, routes
from bot.core.case import Case
from bot.core.finding import Evidence, Seen, Undecided
from bot.core.gateway import Pool
from bot.core.health import BackendHealth
from bot.core.rule import Rule, Said


def check(case: Case) -> Iterator[Said]:
    """Only pools that a listener leads to; members that join through network interfaces are not seen here."""
    found: dict[Pool, Route] = {}
    for route in routes(case.gateway):
        found.setdefault(route.pool, route)
    for pool, route in found.items():
        if pool.servers:
            continue
        if pool.attached == 0:
            yield _seen(case, route)
        elif not _all_healthy(case, pool):
            because = (
                f"the members of {pool.name} join through their network interfaces, whose addresses"
                " Azure does not show with the gateway, and not all are reported healthy"
            )
            yield Undecided(because, part=pool.name)


def _seen(case: Case, route: Route) -> Seen:
    hosts = ", ".join(route.listener.hosts) or f"listener {route.listener.name}"
    return Seen(
        f"{route.pool.name} has no members, so requests for {hosts} lead nowhere.",
        (
            Evidence(
                f"rule {route.rule.name} sends {', '.join(route.paths)} to {route.pool.name}, which is empty",
                commands.show_gateway(case.gateway, "backendAddressPools"),
            ),
        ),
        part=route.pool.name,
    )


def _all_healthy(case: Case, pool: Pool) -> bool:
    if not isinstance(case.health, BackendHealth):
        return False
    states = [it.state for it in case.health.servers if it.pool == pool.id]
    return bool(states) and all(state == "healthy" for state in states)


RULE = Rule(
    id="pool_empty",
    severity="error",
    symptom="A backend pool that requests are sent to is empty.",
    cause="Its members were removed or never added, or a scale set behind it has no instances.",
    remedy="Add the servers to the pool, or let the rule send its requests to another one.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-troubleshooting-502",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=check,
)
