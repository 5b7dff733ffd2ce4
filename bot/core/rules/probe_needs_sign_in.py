"""The health probe is asked to sign in, or turned away."""

from collections.abc import Iterator

from bot.core.analysis.probe_answer import AnswerFault, answer_fault
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView


def check(view: BackendView) -> Iterator[Match]:
    """401, 403 or 407 outside the match. The gateway's probe sends no credentials."""
    match answer_fault(view):
        case AnswerFault(kind="sign_in") as fault:
            yield fault.seen(
                view.backend,
                f"{view.server} answers the health probe (Host {fault.sent.host}, path {fault.sent.path})"
                f" with {fault.status}: it wants a sign-in, or lets only certain callers in.",
            )


RULE = Rule(
    id="probe_needs_sign_in",
    severity="error",
    symptom="The backend wants a sign-in from the health probe, or forbids it the page.",
    cause="The probed page needs authentication, which a probe cannot give, or access restrictions leave the"
    " gateway's subnet out.",
    remedy="Let the probe ask for a page without sign-in, admit the gateway's subnet, or take the status into the"
    " probe's match.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_backend(check),
)
