"""The health probe is redirected, and a redirect does not count as healthy."""

from collections.abc import Iterator

from bot.core.analysis.guides import page
from bot.core.analysis.probe_answer import AnswerFault, answer_fault_of
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: AnswerFault) -> Iterator[Match]:
    """A 3xx outside the probe's match; the gateway does not follow it."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} redirects the health probe (Host {mark(fault.sent.host)}, path"
        f" {mark(fault.sent.path)}) with {fault.status} to {_target(fault)}.",
    )


def _target(fault: AnswerFault) -> str:
    location = fault.response.location if fault.response else None
    return mark(location) if location else "a place that it does not name"


RULE = Rule(
    id="probe_redirected",
    severity="error",
    symptom="The backend answers the health probe with a redirect that does not count as healthy.",
    cause="The probed page redirects to a sign-in, to https or to another host name, and the probe's match excludes"
    " 3xx; the gateway never follows a redirect.",
    remedy="Let the probe ask for the page that the redirect leads to, or add 300-399 to the match.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-app-service-redirection-app-service-url",
    ),
    check=each_backend(answer_fault_of("redirect", check)),
    guide=page.CORRECT_PAGE,
)
