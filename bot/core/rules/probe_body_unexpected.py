"""The answer to the health probe lacks the text that the probe looks for."""

from collections.abc import Iterator

from bot.core.analysis.guides import page
from bot.core.analysis.probe_answer import AnswerDoubt, AnswerFault, answer_fault
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Said]:
    """The status is right; the body is compared as plain text, and case matters."""
    match answer_fault(view):
        case AnswerFault(kind="body") as fault:
            yield fault.seen(
                view.backend,
                f"{mark(view.server)} answers the health probe (path {mark(fault.sent.path)}) without the text"
                f" {mark(repr(fault.sent.match.body))}.",
            )
        case AnswerDoubt(kind="body", undecided=doubt):
            yield doubt


RULE = Rule(
    id="probe_body_unexpected",
    severity="error",
    symptom="The body of the answer does not contain the text in the probe's match.",
    cause="The page has changed, the text is misspelt, or a different page from the expected one answers.",
    remedy="Correct the text in the probe's match, or the page.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    check=each_backend(check),
    guide=page.CORRECT_TEXT,
)
