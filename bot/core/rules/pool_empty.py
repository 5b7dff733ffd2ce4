"""A backend pool that requests are sent to has no members."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import routing
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.model.gateway import Gateway, Pool
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import mark, mark_all
from bot.core.routing.client_way import is_reached
from bot.core.routing.routes import Route, routes


def check(case: Case) -> Iterator[Said]:
    """Only pools that requests of clients lead to; backend health says who has joined through a network interface."""
    found: dict[Pool, Route] = {}
    for route in routes(case.gateway):
        if _is_needed(case.gateway, route) and _is_reached(case.gateway, route):
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


def _is_needed(gateway: Gateway, route: Route) -> bool:
    """Whether requests go to this very pool, or, by a load distribution policy, to none that has members."""
    if route.policy is None:
        return True
    # Beside a pool, a policy may send all requests elsewhere, as in Microsoft's ApplicationGatewayGet.json. A weight is
    # for each server (azure-mgmt-network, weightPerServer), so a pool without any has none.
    of_policy = [it for it in gateway.pools if it.id in route.spread]
    return bool(of_policy) and not any(it.servers or it.attached or it.unread for it in of_policy)


def _is_reached(gateway: Gateway, route: Route) -> bool:
    """Whether clients' requests get as far: a wider rule, or path rule, may take them all before."""
    entries = (it for it in gateway.path_rules(route.rule) if it.paths == route.paths)
    return is_reached(gateway, route.rule, next(entries, None))


def _seen(case: Case, route: Route) -> Match:
    sent = mark_all(route.paths) or "some requests"
    hosts = mark_all(route.listener.hosts) or f"listener {mark(route.listener.name)}"
    return Match(
        f"{mark(route.pool.name)} has no members, so requests for {hosts} lead nowhere.",
        (
            Evidence(
                f"rule {mark(route.rule.name)} sends {sent} to {mark(route.pool.name)}, which is empty",
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
