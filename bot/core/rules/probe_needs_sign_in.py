"""The health probe is asked to sign in, or denied access."""

from collections.abc import Iterator

from bot.core.analysis.guides import access
from bot.core.analysis.probe_answer import AnswerFault, answer_fault_of
from bot.core.case.audiences import each_answer
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: AnswerFault) -> Iterator[Match]:
    """401, 403 or 407 outside the match. The gateway's probe sends no credentials."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} answers the health probe (Host {mark(fault.sent.host)}, path"
        f" {mark(fault.sent.path)}) with {fault.status}: it requires a sign-in, or admits only certain"
        " callers.",
    )


RULE = Rule(
    id="probe_needs_sign_in",
    severity="error",
    symptom="The backend requires the health probe to sign in, or denies it the page.",
    cause="The probed page needs authentication, which a probe cannot provide, or access restrictions exclude the"
    " gateway's subnet.",
    remedy="Let the probe ask for a page without sign-in, admit the gateway's subnet, or add the status to the"
    " probe's match.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_answer(answer_fault_of("sign_in", check)),
    guide=access.ADMIT_GATEWAY,
)
