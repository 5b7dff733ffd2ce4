"""The gateway calls a backend unhealthy, and our own connection does not explain why."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import unknown
from bot.core.analysis.reported_code import reported_meaning
from bot.core.analysis.reported_health import REACH, not_retrieved, reported_class, why_not_reached
from bot.core.case.finding import Confidence, Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView
from bot.core.model.health import BackendHealth, HealthNotKnown
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, HandshakeFailed, NotConnected


def check(view: BackendView) -> Iterator[Said]:
    """What the gateway says counts, even where we cannot look ourselves."""
    says = reported_class(view)
    outcome = view.connection
    health = view.server_health
    if says is not None and health is not None:
        if says in REACH and isinstance(outcome, NotConnected):
            return
        evidence = Evidence(
            f"the gateway says: {health.message or 'no message'}",
            commands.show_health(view.gateway),
        )
        yield Match(
            f"The gateway reports {mark(view.server)} as unhealthy: {reported_meaning(view, says)}.",
            (evidence, Evidence(f"from here: {why_not_reached(outcome)}")),
            view.backend,
            _confidence(outcome),
        )
    elif because := _not_known(view):
        # That our copy of the probe succeeds does not show that the gateway's own does.
        yield Undecided(f"{because}; from here {why_not_reached(outcome)}", view.backend)


def _not_known(view: BackendView) -> str | None:
    """Why the gateway's own word is missing; None if it is there, or there can be none, on paper."""
    health = view.server_health
    match view.case.health:
        case HealthNotKnown(reason):
            return f"backend health is not known: {reason}"
        case BackendHealth() if health is None:
            return f"backend health says nothing about {mark(view.server)}"
    if health is not None and not_retrieved(health):
        said = health.message or "no reason given"
        return f"the gateway does not know the health of {mark(view.server)}: {said}"
    return None


def _confidence(outcome: object) -> Confidence:
    return "high" if isinstance(outcome, Answered | HandshakeFailed) else "medium"


RULE = Rule(
    id="gateway_reports_unhealthy",
    severity="error",
    symptom="The gateway calls a backend unhealthy.",
    cause="What its message says; messages change and are sometimes misleading, so compare with the other findings.",
    remedy="Follow the message, and the findings of our own connection where there are any.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
    guide=unknown.FOLLOW_MESSAGE,
    last_resort=True,
)
