"""What the gateway says of a backend contradicts what our own connection shows."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.contradiction import (
    denied_by,
    fails_before_reported_stage,
    refused_us,
)
from bot.core.analysis.health_message import MessageClass
from bot.core.analysis.probe_fault import fault_seen
from bot.core.analysis.reported_code import reported_meaning
from bot.core.analysis.reported_health import reported_class, reported_health
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """It calls a backend healthy in which we found an error, or reports a fault that is not there."""
    if reported_health(view) == "healthy" and fault_seen(view):
        interval = view.probe_request.interval
        yield _seen(
            view,
            f"The gateway calls {mark(view.server)} healthy, but our own connection finds a fault: check"
            " again in a minute.",
            f"backend health is a cache, renewed every {interval} s; and we connect from another place",
        )
    refusal = refused_us(view) if reported_health(view) == "healthy" else None
    if refusal is not None:
        summary = f"The gateway calls {mark(view.server)} healthy, but it refuses us: check again in a minute."
        yield _seen(view, summary, f"from here: {refusal}; we connect from another place")
    says = reported_class(view)
    earlier = fails_before_reported_stage(view, says)
    if says is not None and earlier is not None:
        summary = f"{_said(view, says)}; our own connection fails before that."
        yield _seen(view, summary, f"from here: {earlier}")
        return
    handshake = view.of_probe.handshake
    if says is None or handshake is None or handshake.leaf is None:
        return
    contrary = denied_by(view, says, handshake)
    if contrary is not None:
        summary = f"{_said(view, says)}; what we see contradicts that."
        yield _seen(view, summary, f"from here: {contrary}")


def _said(view: BackendView, says: MessageClass) -> str:
    return f"The gateway says of {mark(view.server)} that {reported_meaning(view, says)}"


def _seen(view: BackendView, summary: str, why: str) -> Match:
    health = view.server_health
    message = (health.message if health else None) or "no message"
    evidence = Evidence(f"the gateway says: {message}", commands.show_health(view.gateway))
    own = Evidence(why, commands.openssl(view.probe_attempt))
    return Match(summary, (evidence, own), view.backend, "medium")


RULE = Rule(
    id="gateway_disagrees",
    severity="warning",
    symptom="The gateway's report and our own connection contradict each other.",
    cause="The report is a cache of the last probes, its messages are sometimes misleading, and the gateway is in"
    " a different network from the bot, where DNS may answer differently.",
    remedy="Wait one probe interval and diagnose again; if they still differ, run the commands shown on a machine"
    " in the gateway's network.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-backend-health",
        "https://github.com/MicrosoftDocs/azure-docs/issues/41492",
    ),
    check=each_backend(check),
)
