"""What the gateway says of a backend and what our own connection shows do not go together."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.contradiction import denied_by, fails_before_reported_stage
from bot.core.analysis.health_message import MEANING
from bot.core.analysis.probe_fault import fault_seen
from bot.core.analysis.reported_health import reported_class, reported_health
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.routing.routes import Backend


def check(case: Case, backend: Backend) -> Iterator[Match]:
    """It is content with a backend in which we found an error, or names a fault that is not there."""
    if reported_health(case, backend) == "healthy" and fault_seen(case, backend):
        interval = case.probe_request(backend).interval
        yield _seen(
            case,
            backend,
            f"The gateway calls {backend.server} healthy, but our own connection finds a fault: look"
            " again in a minute.",
            f"backend health is a cache, renewed every {interval} s; and we connect from another place",
        )
    says = reported_class(case, backend)
    earlier = fails_before_reported_stage(case, backend, says)
    if says is not None and earlier is not None:
        summary = f"The gateway says of {backend.server} that {MEANING[says]}; our own connection fails before that."
        yield _seen(case, backend, summary, f"from here: {earlier}")
        return
    handshake = case.handshake(case.probe_attempt(backend))
    if says is None or handshake is None or handshake.leaf is None:
        return
    contrary = denied_by(case, backend, says, handshake)
    if contrary is not None:
        summary = f"The gateway says of {backend.server} that {MEANING[says]}; what we see speaks against it."
        yield _seen(case, backend, summary, f"from here: {contrary}")


def _seen(case: Case, backend: Backend, summary: str, why: str) -> Match:
    health = case.server_health(backend)
    message = (health.message if health else None) or "no message"
    evidence = Evidence(f"the gateway says: {message}", commands.show_health(case.gateway))
    own = Evidence(why, commands.openssl(case.probe_attempt(backend)))
    return Match(summary, (evidence, own), backend, "medium")


RULE = Rule(
    id="gateway_disagrees",
    severity="warning",
    symptom="The gateway's report and our own connection contradict each other.",
    cause="The report is a cache of the last probes, its messages sometimes mislead, and the gateway stands in"
    " another network with other DNS answers than the bot.",
    remedy="Wait one probe interval and diagnose again; if they still differ, run the commands shown from a machine"
    " in the gateway's network.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-backend-health",
        "https://github.com/MicrosoftDocs/azure-docs/issues/41492",
    ),
    check=each_backend(check),
)
