"""The gateway is of v1, which Microsoft has retired."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.generation import V1
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Match]:
    """A standing note; while the gateway runs, it does not explain a 502."""
    retired = case.gateway.traits.retired
    if retired:
        yield Match(
            f"This is a v1 gateway: retired since {retired}, without an SLA, and due to be deleted.",
            (
                Evidence(
                    f"the tier is {mark(case.gateway.tier)}",
                    commands.show_gateway(case.gateway, "sku"),
                ),
            ),
        )


RULE = Rule(
    id="gateway_generation_retired",
    severity="warning",
    symptom="The gateway is of the retired v1 generation.",
    cause=f"Microsoft retired Standard and WAF (v1) on {V1.retired}.",
    remedy="Plan the migration to v2.",
    sources=("https://learn.microsoft.com/azure/application-gateway/v1-retirement",),
    check=check,
)
