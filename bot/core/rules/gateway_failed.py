"""The last change to the gateway failed."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import routing
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule


def check(case: Case) -> Iterator[Match]:
    """`provisioningState` is Failed. Traffic usually continues, so this alone is not a fault."""
    if case.gateway.has_failed:
        yield Match(
            "The last change to the gateway failed; it may not be running the configuration shown.",
            (
                Evidence(
                    "provisioningState is Failed",
                    commands.show_gateway(case.gateway, "provisioningState"),
                ),
                Evidence(
                    "the activity log has the operation that failed, and why",
                    commands.show_activity(case.gateway),
                ),
            ),
        )


RULE = Rule(
    id="gateway_failed",
    severity="warning",
    symptom="The gateway's provisioning state is Failed.",
    cause="Azure could not complete the last change; the state is about the change, not the traffic.",
    remedy=(
        "Read in the activity log why it failed. Then any update that succeeds ends the state: where nothing else is to"
        " be changed, read the gateway and write it back unchanged (GET, then PUT)."
    ),
    sources=(
        "https://learn.microsoft.com/azure/networking/troubleshoot-failed-state",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-appgw-failed-state-issues",
    ),
    check=check,
    guide=routing.WRITE_AGAIN,
)
