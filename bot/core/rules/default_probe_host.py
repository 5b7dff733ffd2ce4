"""The default probe asks for Host 127.0.0.1, which the backend does not know."""

from collections.abc import Iterator

from bot.core.analysis.guides import page
from bot.core.analysis.probe_answer import AnswerFault, answer_fault_of, healthy_under
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: AnswerFault) -> Iterator[Match]:
    """Proven where the same path gets a healthy answer for another name; else the status suggests it."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} answers the health probe with {fault.status}: the probe asks for Host"
        f" {mark(fault.sent.host)}{_instead(view)}.",
    )


def _instead(view: BackendView) -> str:
    name = healthy_under(view)
    return f"; for {mark(name)} it answers as expected" if name else ", which it does not know"


RULE = Rule(
    id="default_probe_host",
    severity="error",
    symptom="The health probe asks for Host 127.0.0.1, and the backend rejects that.",
    cause="There is no custom probe, or it has no host; the default probe sends 127.0.0.1 as the Host header, and a"
    " server with several sites has none of that name.",
    remedy="Give the settings a custom probe with the site's host name.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(answer_fault_of("default_host", check)),
    guide=page.GIVE_HOST,
)
