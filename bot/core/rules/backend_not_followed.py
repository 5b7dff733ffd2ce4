"""The gateway calls a server unhealthy that no route followed here leads to."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import unknown
from bot.core.analysis.health_message import MEANING, classify
from bot.core.analysis.reported_health import not_retrieved
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.model.health import BackendHealth, ServerHealth
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Said]:
    """Only backend health says anything about it; where that is silent, such a route is an open question."""
    servers = _beyond(case)
    for server in servers:
        if not not_retrieved(server) and server.state in ("unhealthy", "partial"):
            yield _seen(case, server)
    unsaid = not servers or any(map(not_retrieved, servers))
    if case.gateway.unfollowed and unsaid:
        yield Undecided(
            f"backend health says nothing about what is behind {', '.join(case.gateway.unfollowed)},"
            " and these routes are not followed here",
            part=case.gateway.unfollowed[0],
        )


def _beyond(case: Case) -> tuple[ServerHealth, ...]:
    """What the gateway reports beyond the backends that its HTTP rules lead to."""
    if not isinstance(case.health, BackendHealth):
        return ()
    followed = {(*it.place, it.server.lower()) for it in case.backends}
    return tuple(
        it
        for it in case.health.servers
        if (it.pool, it.settings, it.server.lower()) not in followed
    )


def _seen(case: Case, server: ServerHealth) -> Match:
    pool = server.pool.rpartition("/")[2]
    return Match(
        f"The gateway reports {mark(server.server)} in pool {mark(pool)} as unhealthy:"
        f" {MEANING[classify(server.message)]}.",
        (
            Evidence(
                f"the gateway says: {server.message or 'no message'}",
                commands.show_health(case.gateway),
            ),
            Evidence(f"not followed here: {_unfollowed(case)}"),
        ),
        confidence="medium",
        part=server.server,
        beyond=(server.settings.rpartition("/")[2], server.server),
    )


def _unfollowed(case: Case) -> str:
    return ", ".join(case.gateway.unfollowed) or "how requests reach it; no pool has that address"


RULE = Rule(
    id="backend_not_followed",
    severity="error",
    symptom="The gateway reports a server unhealthy to which no rule that agw follows leads.",
    cause="What its message says. agw probes no server to which it knows no way, nor one that wants the PROXY header.",
    remedy="Follow the gateway's message; check port, certificate and probe of the backend settings by hand.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/tcp-tls-proxy-overview",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=check,
    guide=unknown.FOLLOW_MESSAGE,
)
