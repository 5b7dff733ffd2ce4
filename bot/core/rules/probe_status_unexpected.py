"""The health probe gets an HTTP status that does not count as healthy."""

from collections.abc import Iterator

from bot.core.analysis.guides import page
from bot.core.analysis.probe_answer import AnswerFault, answer_fault
from bot.core.analysis.reported_health import why_unobserved
from bot.core.case.finding import Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import Answered, NoResponse


def check(view: BackendView) -> Iterator[Said]:
    """Whatever no other rule about the answer covers; it also says, for all of them, that nothing was seen."""
    match answer_fault(view):
        case AnswerFault(kind="status") as fault:
            expected = mark_all(fault.sent.match.status_codes)
            yield fault.seen(
                view.backend,
                f"{mark(view.server)} answers the health probe (Host {mark(fault.sent.host)}, path"
                f" {mark(fault.sent.path)}) with {fault.status}; healthy is {expected}.",
            )
    match view.outcome:
        case Answered(http=NoResponse("not_asked", reason)) if not view.request.bare:
            yield Undecided(f"the answer to the health probe is not known: {reason}", view.backend)
        case Answered():
            return
        case outcome:
            because = why_unobserved(view, outcome)
            if because:
                yield Undecided(because, view.backend)


RULE = Rule(
    id="probe_status_unexpected",
    severity="error",
    symptom="The backend answers the health probe with an unexpected HTTP status.",
    cause="The probe's match excludes that status, or the page does not accept a plain GET.",
    remedy="Correct the probe's path, or the status codes that it accepts as healthy.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
    guide=page.CORRECT_PAGE,
)
