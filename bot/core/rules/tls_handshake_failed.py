"""The backend does not complete a TLS handshake, and does not show why."""

from collections.abc import Iterator

from bot.core.analysis.guides import tls
from bot.core.analysis.reported_health import probe_handshake
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.audiences import each_request
from bot.core.case.finding import Undecided
from bot.core.case.rule import Rule, Said
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Said]:
    """Whatever no other rule about the handshake covers; it also says, for all of them, that nothing was seen."""
    doubt = probe_handshake(view)
    if isinstance(doubt, Undecided):
        yield doubt
        return
    fault = tls_fault(view)
    if fault is not None and fault.kind == "other":
        sni = fault.attempt.sni
        with_sni = f"SNI {mark(sni)}" if sni else "no SNI, as this gateway sends none"
        yield fault.seen(
            view.backend,
            f"{mark(view.server)} does not complete a TLS handshake with {with_sni}.",
        )


RULE = Rule(
    id="tls_handshake_failed",
    severity="error",
    symptom="The gateway's TLS handshake breaks off or is not answered.",
    cause="The server closes the connection, stays silent or reports an error of its own: it may be overloaded,"
    " lack a certificate, or be behind a firewall that inspects TLS.",
    remedy="Read the server's TLS log for the time of the attempt, and try the command shown on a machine"
    " in the gateway's network.",
    sources=("https://learn.microsoft.com/azure/application-gateway/ssl-overview",),
    check=each_request(check),
    guide=tls.READ_TLS_LOG,
)
