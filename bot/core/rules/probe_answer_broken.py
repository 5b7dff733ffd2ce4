"""The backend accepts the health probe's request and gives no HTTP answer."""

from collections.abc import Iterator

from bot.core.analysis.guides import service
from bot.core.analysis.probe_answer import AnswerFault, answer_fault_of
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: AnswerFault) -> Iterator[Match]:
    """It closed the connection, or its answer is not HTTP. Silence is another symptom."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} accepts the health probe's request but gives no HTTP answer:"
        f" {fault.evidence[0].text}.",
    )


RULE = Rule(
    id="probe_answer_broken",
    severity="error",
    symptom="The backend closes the health probe's connection, or answers with something that is not HTTP.",
    cause="The application crashes on the request, the port speaks another protocol, or a device on the way"
    " cuts the connection.",
    remedy="Read the server's log for the time of the request; correct port and protocol of the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_backend(answer_fault_of("broken", check)),
    guide=service.FIX_APPLICATION,
)
