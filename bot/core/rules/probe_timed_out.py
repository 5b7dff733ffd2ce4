"""The health probe gets no answer in time."""

from collections.abc import Iterator

from bot.core.analysis.guides import service
from bot.core.analysis.probe_answer import AnswerDoubt, AnswerFault, answer_fault
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Said]:
    """Our own request was as slow, or the gateway says so of a server that we can reach."""
    match answer_fault(view):
        case AnswerFault(kind="time") as fault:
            yield fault.seen(
                view.backend,
                f"{mark(view.server)} does not answer the health probe (path {mark(fault.sent.path)}) within"
                f" {fault.sent.timeout} s.",
            )
        case AnswerDoubt(kind="time", undecided=doubt):
            yield doubt


RULE = Rule(
    id="probe_timed_out",
    severity="error",
    symptom="The backend accepts the connection but does not answer the health probe in time.",
    cause="The page that the probe asks for is slow or hangs, often because of something behind it such as a"
    " database; a firewall on the gateway's way can look the same.",
    remedy="Find out what the page waits for, let the probe ask for a light page, or raise the probe's time-out.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_backend(check),
    guide=service.SPEED_UP,
)
