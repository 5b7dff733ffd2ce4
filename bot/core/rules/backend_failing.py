"""The backend answers the health probe with an error of its own."""

from collections.abc import Iterator

from bot.core.analysis.guides import service
from bot.core.analysis.probe_answer import AnswerFault, answer_fault_of
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: AnswerFault) -> Iterator[Match]:
    """5xx outside the match."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} fails: it answers the health probe (Host {mark(fault.sent.host)}, path"
        f" {mark(fault.sent.path)}) with {fault.status}.",
    )


RULE = Rule(
    id="backend_failing",
    severity="error",
    symptom="The backend answers the health probe with a server error.",
    cause="The application has crashed, has been stopped or is still starting, or something it depends on is down.",
    remedy="Fix the application; its own log says why it fails. Nothing on the gateway needs to change.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_backend(answer_fault_of("failing", check)),
    guide=service.FIX_APPLICATION,
)
