"""The backend refuses the host name (SNI) that the gateway asks for."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import tls
from bot.core.analysis.tls_fault import TlsFault, sni_that_works, tls_fault_of
from bot.core.case.audiences import each_request
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.routing.gateway_request import sni_in_words


def check(view: BackendView, fault: TlsFault) -> Iterator[Match]:
    """With the gateway's SNI the handshake fails, with another or with none it succeeds."""
    works = sni_that_works(view)
    contrast = (
        (
            Evidence(
                f"with {sni_in_words(works.sni)} the handshake succeeds", commands.openssl(works)
            ),
        )
        if works is not None
        else ()
    )
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} refuses TLS for the host name {mark(fault.attempt.sni or '')}, which the gateway"
        " asks for.",
        *contrast,
    )


RULE = Rule(
    id="sni_refused",
    severity="error",
    symptom="The backend refuses TLS for the SNI that the gateway sends.",
    cause="No site on the server has that name: the host of the probe, of the HTTP settings or in the pool is"
    " misspelt, or the site has no TLS binding.",
    remedy="Let the gateway ask for a name that the server knows, or bind a certificate for this one.",
    sources=("https://learn.microsoft.com/azure/application-gateway/ssl-overview",),
    check=each_request(tls_fault_of("sni_refused", check)),
    guide=tls.SEND_KNOWN_NAME,
)
