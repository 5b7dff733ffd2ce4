"""A rule for many host names is evaluated before a rule for one of them."""

from collections.abc import Iterator
from itertools import combinations

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.marked import mark, mark_all
from bot.core.routing.rule_order import OrderedRule, rules_in_order, shadowed


def check(case: Case) -> Iterator[Match]:
    """Two rules on the same frontend IP and port, the broader one first."""
    for first, later in combinations(rules_in_order(case.gateway), 2):
        hidden = shadowed(first.listener, later.listener)
        if hidden:
            yield _seen(case, first, later, hidden)


def _seen(case: Case, first: OrderedRule, later: OrderedRule, hidden: tuple[str, ...]) -> Match:
    wide = mark_all(first.listener.hosts) or "every host name"
    later_rule = mark(later.rule.name)
    return Match(
        f"Rule {mark(first.rule.name)} ({wide}) is evaluated before {later_rule}, so requests for"
        f" {mark_all(hidden)} never reach {later_rule}.",
        (
            Evidence(
                f"{mark(first.rule.name)} {first.place}, {later_rule} {later.place}",
                commands.show_gateway(case.gateway, "requestRoutingRules"),
            ),
        ),
        part=later.rule.name,
    )


RULE = Rule(
    id="rule_order",
    severity="warning",
    symptom="Requests for a host name are taken by a broader rule that comes first.",
    cause="v2 evaluates rules by priority, v1 in the order in which they are listed; the first listener that"
    " matches takes the request.",
    remedy="Give the more specific rule the smaller priority number (v1: list it first), basic listeners last.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/multiple-site-overview",
        "https://learn.microsoft.com/azure/application-gateway/configuration-request-routing-rules",
    ),
    check=check,
)
