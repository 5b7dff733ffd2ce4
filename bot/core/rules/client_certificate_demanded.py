"""The backend wants to see a client certificate, and the gateway has none to show."""

from collections.abc import Iterator

from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView


def check(view: BackendView) -> Iterator[Match]:
    """It asked for one and then broke off; one that only asks, and goes on without, is no fault."""
    fault = tls_fault(view)
    if fault is not None and fault.kind == "client_certificate":
        yield Match(
            f"{view.server} demands a client certificate, and an application gateway shows none to"
            " its backends.",
            (fault.evidence,),
            view.backend,
            fault.confidence,
        )


RULE = Rule(
    id="client_certificate_demanded",
    severity="error",
    symptom="The backend breaks TLS off because it gets no client certificate.",
    cause="Mutual TLS is required at the backend. The gateway can demand certificates of its own clients, but"
    " does not authenticate itself to backends with one.",
    remedy="Make the client certificate optional at the backend, at least for the gateway's subnet, and verify"
    " clients at the listener of the gateway instead.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-faq",
        "https://learn.microsoft.com/azure/application-gateway/mutual-authentication-overview",
    ),
    check=each_backend(check),
)
