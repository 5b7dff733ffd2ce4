"""The backend does not know the host name or the path that the health probe asks for."""

from collections.abc import Iterator

from bot.core.analysis.guides import page
from bot.core.analysis.probe_answer import AnswerFault, answer_fault_of, healthy_under
from bot.core.case.audiences import each_answer
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: AnswerFault) -> Iterator[Match]:
    """400, 404, 410 or 421 outside the match."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} answers the health probe (Host {mark(fault.sent.host)}, path"
        f" {mark(fault.sent.path)}) with {fault.status}: {_unknown(view, fault.sent.host)}.",
    )


def _unknown(view: BackendView, host: str) -> str:
    name = healthy_under(view)
    if name is None:
        return f"it does not know the host {mark(host)} or the path"
    return f"it does not know the host {mark(host)}; for {mark(name)} it answers as expected"


RULE = Rule(
    id="probe_host_or_path_unknown",
    severity="error",
    symptom="The backend tells the health probe that there is no such host or page.",
    cause="The probe asks for a host name that the server is not bound to, or for a path that does not exist.",
    remedy="Correct the probe's host to one that the server is bound to, or its path to a page that exists.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    check=each_answer(answer_fault_of("host_or_path", check)),
    guide=page.CORRECT_PAGE,
)
