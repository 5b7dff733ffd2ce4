"""A backend pool that requests are sent to has no members."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.model.gateway import Pool
from bot.core.model.health import HealthNotKnown
from bot.core.routing.routes import Route, routes


def check(case: Case) -> Iterator[Said]:
    """Only pools that a listener leads to; members that join through network interfaces are told by backend health."""
    found: dict[Pool, Route] = {}
    for route in routes(case.gateway):
        # Beside a pool, a policy may send all requests elsewhere, as in Microsoft's ApplicationGatewayGet.json.
        if not route.load_distribution:
            found.setdefault(route.pool, route)
    for pool, route in found.items():
        attached = {server for pool_id, server in case.nic_members if pool_id == pool.id}
        if pool.unread:
            because = (
                f"{pool.unread} members of {pool.name} cannot be read in the gateway's document"
            )
            yield Undecided(because, part=pool.name)
        elif not pool.servers and pool.attached == 0:
            yield _seen(case, route)
        elif not pool.servers and not attached:
            because = (
                f"the members of {pool.name} join through their network interfaces; their addresses come with"
                f" backend health, which {_says(case)}"
            )
            yield Undecided(because, part=pool.name)


def _seen(case: Case, route: Route) -> Match:
    hosts = ", ".join(route.listener.hosts) or f"listener {route.listener.name}"
    return Match(
        f"{route.pool.name} has no members, so requests for {hosts} lead nowhere.",
        (
            Evidence(
                f"rule {route.rule.name} sends {', '.join(route.paths)} to {route.pool.name}, which is empty",
                commands.show_gateway(case.gateway, "backendAddressPools"),
            ),
        ),
        part=route.pool.name,
    )


def _says(case: Case) -> str:
    match case.health:
        case HealthNotKnown(reason):
            return f"is not known: {reason}"
    return "names none of them"


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
