"""The backend does not complete a TLS handshake, and it does not show why."""

from collections.abc import Iterator

from bot.core.analysis.reported_health import probe_handshake
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.finding import Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView


def check(view: BackendView) -> Iterator[Said]:
    """What no other rule of the handshake names; it also says, for all of them, that nothing was seen."""
    doubt = probe_handshake(view)
    if isinstance(doubt, Undecided):
        yield doubt
        return
    fault = tls_fault(view)
    if fault is not None and fault.kind == "other":
        sni = fault.attempt.sni
        with_sni = f"SNI {sni}" if sni else "no SNI, as this gateway sends none"
        yield Match(
            f"{view.server} does not complete a TLS handshake with {with_sni}.",
            (fault.evidence,),
            view.backend,
            fault.confidence,
        )


RULE = Rule(
    id="tls_handshake_failed",
    severity="error",
    symptom="The TLS handshake that the gateway makes breaks off or is not answered.",
    cause="The server hangs up, stays silent or reports an error of its own: it may be overloaded, lack a"
    " certificate, or stand behind a firewall that looks into TLS.",
    remedy="Read the server's TLS log for the moment of the attempt, and try the command shown from a machine"
    " in the gateway's network.",
    sources=("https://learn.microsoft.com/azure/application-gateway/ssl-overview",),
    check=each_backend(check),
)
