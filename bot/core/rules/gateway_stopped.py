"""The gateway itself does not run."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import routing
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Match]:
    """`operationalState` is anything but Running."""
    state = case.gateway.operational_state
    if case.gateway.is_down:
        yield Match(
            f"The gateway's operational state is {mark(state)}, so it serves nobody.",
            (
                Evidence(
                    f"operationalState is {mark(state)}",
                    commands.show_gateway(case.gateway, "operationalState"),
                ),
            ),
        )


RULE = Rule(
    id="gateway_stopped",
    severity="error",
    symptom="The gateway is not running.",
    cause="Somebody stopped it, it is starting, or Azure stopped it.",
    remedy="Find out who stopped it and why, then start it; the option to start the gateway has the command.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=check,
    guide=routing.START_GATEWAY,
)
