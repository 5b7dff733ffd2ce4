"""What the gateway says of a backend and what our own connection shows do not go together."""

from collections.abc import Iterator

from bot.core import commands
from bot.core.allow_list import not_listed
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.chain_fault import chain_fault
from bot.core.finding import Evidence, Seen
from bot.core.health_message import MEANING, MessageClass
from bot.core.hostname import covers
from bot.core.looking import reported, reported_class
from bot.core.observation import Handshake
from bot.core.probe_fault import dated, fault_seen
from bot.core.rule import Rule, each_backend

CHAIN: frozenset[MessageClass] = frozenset(
    {
        "intermediate_missing",
        "leaf_missing",
        "leaf_not_first",
        "root_unknown",
        "root_mismatch",
        "verify_failed",
    }
)


def check(case: Case, backend: Backend) -> Iterator[Seen]:
    """It is content with a backend in which we found an error, or names a fault that is not there."""
    if reported(case, backend) == "healthy" and fault_seen(case, backend):
        interval = case.sent(backend).interval
        yield _seen(
            case,
            backend,
            f"The gateway calls {backend.server} healthy, but our own connection finds a fault: look"
            " again in a minute.",
            f"backend health is a cache, renewed every {interval} s; and we connect from another place",
        )
    says = reported_class(case, backend)
    handshake = case.handshake(case.probe_attempt(backend))
    if says is None or handshake is None or handshake.leaf is None:
        return
    contrary = _contrary(case, backend, says, handshake)
    if contrary is not None:
        summary = f"The gateway says of {backend.server} that {MEANING[says]}; what we see speaks against it."
        yield _seen(case, backend, summary, f"from here: {contrary}")


def _contrary(case: Case, backend: Backend, says: MessageClass, seen: Handshake) -> str | None:
    """What we see that the message denies; None if it may well be right."""
    wanted = case.sent(backend).sni
    looked_at = dated(case, backend, seen)
    v2 = case.gateway.generation == "v2"
    if says == "not_in_date" and all(it.valid_at(case.now) for it in looked_at):
        # MicrosoftDocs/azure-docs, issue 41492.
        return (
            "every certificate is in date; the gateway is known to say this also where it shares no"
            " cipher suite with the backend"
        )
    if says == "name_mismatch" and wanted and seen.leaf and covers(seen.leaf, wanted):
        return f"the certificate is for {wanted}, the name that the probe asks for"
    if says == "not_allow_listed" and not v2 and not_listed(case, backend) is None:
        return "the certificate is among the allow-listed ones; see also whether its name fits"
    if says in CHAIN and v2 and chain_fault(case, backend) is None:
        return "the chain is complete and ends in a root that the settings trust"
    return None


def _seen(case: Case, backend: Backend, summary: str, why: str) -> Seen:
    health = case.server_health(backend)
    message = (health.message if health else None) or "no message"
    evidence = Evidence(f"the gateway says: {message}", commands.show_health(case.gateway))
    own = Evidence(why, commands.openssl(case.probe_attempt(backend)))
    return Seen(summary, (evidence, own), backend, "medium")


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
