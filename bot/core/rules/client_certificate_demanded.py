"""The backend demands a client certificate, and the gateway has none to present."""

from collections.abc import Iterator

from bot.core.analysis.guides import access
from bot.core.analysis.tls_fault import TlsFault, tls_fault_of
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: TlsFault) -> Iterator[Match]:
    """It asked for one and then broke off; a server that only asks, and goes on without, is not at fault."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} demands a client certificate, and an application gateway presents none to"
        " its backends.",
    )


RULE = Rule(
    id="client_certificate_demanded",
    severity="error",
    symptom="The backend aborts TLS because it gets no client certificate.",
    cause="The backend requires mutual TLS. The gateway can demand certificates from its own clients, but"
    " does not authenticate itself to backends with one.",
    remedy="Make the client certificate optional on the backend, at least for the gateway's subnet, and verify"
    " clients at the gateway's listener instead.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-faq",
        "https://learn.microsoft.com/azure/application-gateway/mutual-authentication-overview",
    ),
    check=each_request(tls_fault_of("client_certificate", check)),
    guide=access.NO_CLIENT_CERTIFICATE,
)
