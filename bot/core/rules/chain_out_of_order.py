"""v2: all certificates are sent, but an issuer comes before what it issued."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault_of
from bot.core.analysis.guides import tls
from bot.core.analysis.reported_health import reported_class, reported_health
from bot.core.case.audiences import each_request
from bot.core.case.finding import Confidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: ChainFault) -> Iterator[Match]:
    """TLS 1.3 lets a client sort them (RFC 8446, 4.4.2), so it counts only if the gateway is not satisfied."""
    if reported_health(view) == "healthy":
        return
    says = reported_class(view)
    confidence: Confidence = "high" if says == "intermediate_missing" else "medium"
    order = ", then ".join(mark(it.subject) for it in fault.path)
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} sends its whole chain, but not in the right order, which is: {order}.",
        confidence,
    )


RULE = Rule(
    id="chain_out_of_order",
    severity="error",
    symptom="The backend sends its intermediate and root certificates in the wrong order (v2).",
    cause="The certificates were joined in the wrong order when the bundle was made; a gateway then reports a"
    " missing intermediate.",
    remedy="Install the bundle again in this order: leaf, intermediates, root.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(chain_fault_of("out_of_order", check)),
    guide=tls.INSTALL_CHAIN,
)
