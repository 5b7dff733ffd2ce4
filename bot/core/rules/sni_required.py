"""The backend completes TLS only with a host name (SNI), and the gateway sends none."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import tls
from bot.core.analysis.tls_fault import TlsFault, sni_that_works, tls_fault_of
from bot.core.case.audiences import each_request
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: TlsFault) -> Iterator[Match]:
    """Without SNI the handshake fails, with a name it succeeds (or the alert says as much)."""
    works = sni_that_works(view)
    contrast = (
        (
            Evidence(
                f"with SNI {mark(works.sni or '')} the handshake succeeds", commands.openssl(works)
            ),
        )
        if works is not None
        else ()
    )
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} requires a host name (SNI), and this gateway sends none {_why(view.case)}.",
        *contrast,
    )


def _why(case: Case) -> str:
    if not case.gateway.traits.sends_host_as_sni:
        return "to an IP member of the pool"
    return "because neither the probe nor the HTTP settings have a host name"


RULE = Rule(
    id="sni_required",
    severity="error",
    symptom="The backend refuses TLS without SNI, and the gateway sends no SNI.",
    cause="The server has only certificates for host names and no default one. A v1 gateway sends no SNI to an IP"
    " member, a v2 gateway none where no host name is set.",
    remedy="Let the gateway send a host name (v1: a name in the pool; v2: a host in the probe and the settings), or"
    " give the server a default certificate.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-troubleshooting-502",
    ),
    check=each_request(tls_fault_of("sni_required", check)),
    guide=tls.SEND_KNOWN_NAME,
)
