"""A backend pool that requests are sent to has no members."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import routing
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.model.gateway import Pool
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import mark, mark_all
from bot.core.routing.routes import Route, routes


def check(case: Case) -> Iterator[Said]:
    """Only pools that a listener leads to; backend health says who has joined through a network interface."""
    found: dict[Pool, Route] = {}
    for route in routes(case.gateway):
        # Beside a pool, a policy may send all requests elsewhere, as in Microsoft's ApplicationGatewayGet.json.
        if not route.load_distribution:
            found.setdefault(route.pool, route)
    for pool, route in found.items():
        attached = {server for pool_id, server in case.nic_members if pool_id == pool.id}
        if pool.unread:
            because = f"{pool.unread} members of {mark(pool.name)} cannot be read from the gateway's document"
            yield Undecided(because, part=pool.name)
        elif not pool.servers and pool.attached == 0:
            yield _seen(case, route)
        elif not pool.servers and not attached:
            because = (
                f"the members of {mark(pool.name)} join through their network interfaces; their addresses come"
                f" from backend health, which {_says(case)}"
            )
            yield Undecided(because, part=pool.name)


def _seen(case: Case, route: Route) -> Match:
    hosts = mark_all(route.listener.hosts) or f"listener {mark(route.listener.name)}"
    return Match(
        f"{mark(route.pool.name)} has no members, so requests for {hosts} lead nowhere.",
        (
            Evidence(
                f"rule {mark(route.rule.name)} sends {mark_all(route.paths)} to {mark(route.pool.name)}, which is"
                " empty",
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
    remedy="Add the servers to the pool, or point the rule to another pool.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-troubleshooting-502",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=check,
    guide=routing.FILL_POOL,
)
