"""A controller in a Kubernetes cluster owns the gateway and will overwrite changes."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.routing.agic import agic_marks


def check(case: Case) -> Iterator[Match]:
    """The tags that the controller sets, or the names that it gives."""
    marks = agic_marks(case.gateway)
    if marks:
        yield Match(
            "An ingress controller (AGIC) owns this gateway: it will overwrite a change made here.",
            (
                Evidence(
                    f"its marks: {', '.join(marks)}",
                    commands.show_gateway(case.gateway, "tags"),
                ),
            ),
        )


RULE = Rule(
    id="gateway_owned_by_ingress",
    severity="warning",
    symptom="The gateway is managed by the Application Gateway Ingress Controller.",
    cause="The controller rewrites the gateway's configuration from the cluster's Ingress resources.",
    remedy="Make the change in the cluster: in the Ingress resource and its annotations.",
    sources=("https://learn.microsoft.com/azure/application-gateway/ingress-controller-overview",),
    check=check,
)
