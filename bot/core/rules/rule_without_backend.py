"""A routing rule leads to nothing that exists."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import routing
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.gateway import Gateway, RoutingRule
from bot.core.model.marked import mark
from bot.core.routing.client_way import is_reached


def check(case: Case) -> Iterator[Match]:
    """A rule needs a listener, and a redirect, a path map, a policy, or a pool with HTTP settings.

    Nobody misses them where a wider rule takes all of its requests; that has a rule of its own.
    """
    for rule in case.gateway.rules:
        lacking = [] if rule.unread else list(_lacking(case.gateway, rule))
        if lacking and is_reached(case.gateway, rule):
            yield Match(
                f"Rule {mark(rule.name)} leads nowhere: it has no {' and no '.join(lacking)}.",
                (
                    Evidence(
                        f"rule {mark(rule.name)} refers to no existing {', '.join(lacking)}",
                        commands.show_gateway(case.gateway, "requestRoutingRules"),
                    ),
                ),
                part=rule.name,
            )


def _lacking(gateway: Gateway, rule: RoutingRule) -> Iterator[str]:
    if rule.listener not in {it.id for it in gateway.listeners}:
        yield "listener"
    if rule.redirect:
        return
    if rule.path_map is not None:
        if rule.path_map not in {it.id for it in gateway.path_maps}:
            yield "path map"
        return
    if rule.policy is None and rule.pool not in {it.id for it in gateway.pools}:
        yield "backend pool"
    if rule.settings not in {it.id for it in gateway.http_settings}:
        yield "HTTP settings"


RULE = Rule(
    id="rule_without_backend",
    severity="error",
    symptom="A routing rule refers to a listener, pool, HTTP settings or path map that does not exist.",
    cause="The part was removed or renamed by a tool that wrote the gateway piece by piece.",
    remedy="Give the rule a pool and HTTP settings that exist, or remove it.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
        "https://learn.microsoft.com/azure/application-gateway/configuration-request-routing-rules",
    ),
    check=check,
    guide=routing.COMPLETE_RULE,
)
