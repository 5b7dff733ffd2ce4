"""The backend takes the health probe's request and gives no HTTP answer."""

from collections.abc import Iterator

from bot.core.analysis.probe_answer import AnswerFault, answer_fault
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView


def check(view: BackendView) -> Iterator[Match]:
    """It hung up, or what it said is not HTTP. Silence is another symptom."""
    match answer_fault(view):
        case AnswerFault(kind="broken") as fault:
            yield fault.seen(
                view.backend,
                f"{view.server} takes the health probe's request but gives no HTTP answer:"
                f" {fault.evidence[0].text}.",
            )


RULE = Rule(
    id="probe_answer_broken",
    severity="error",
    symptom="The backend closes the connection on the health probe, or answers something that is not HTTP.",
    cause="The application crashes on the request, another protocol is spoken on that port, or a device on the way"
    " cuts the connection.",
    remedy="Read the server's log for the moment of the request; correct port and protocol of the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_backend(check),
)
