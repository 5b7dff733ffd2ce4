"""Only the gateway says that something is wrong: what to compare, and whom to ask where that is not enough."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides.common import GATEWAY, NETWORK, answers, whereabouts
from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.case.guide import Guide, Step
from bot.core.case.view import view_of

HEALTH_PAGE = (
    "https://learn.microsoft.com/troubleshoot/azure/application-gateway/"
    "application-gateway-backend-health-troubleshooting"
)


def _follow(case: Case, match: Match) -> Iterator[Step]:
    text = f"Read what the gateway says of it, and what {HEALTH_PAGE} has on that message:"
    yield Step(GATEWAY, text, commands.show_health(case.gateway))
    view = view_of(case, match.backend) if match.backend else None
    if view is not None:
        yield from whereabouts(view)
        yield answers(view)
    for subnet in case.gateway.subnets:
        text = "If that works from a machine in the gateway's network, compare security group and routes:"
        yield Step(NETWORK, text, commands.show_subnet(subnet))
    text = "It is done when the gateway says Healthy:"
    yield Step(GATEWAY, text, commands.show_health(case.gateway), checks=True)


FOLLOW_MESSAGE = Guide("Follow the gateway's message", _follow, cause_known=False)
