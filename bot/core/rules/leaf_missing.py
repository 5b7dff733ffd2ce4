"""v2: the backend sends only certificates of CAs, and none of its own."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault_of
from bot.core.analysis.guides import tls
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: ChainFault) -> Iterator[Match]:
    """Every certificate sent is a CA's, and the first one carries no host name."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} sends no certificate of its own, only that of a CA"
        f" ({mark(fault.path[0].subject)}).",
    )


RULE = Rule(
    id="leaf_missing",
    severity="error",
    symptom="The backend's own (leaf) certificate is missing from the chain that it sends (v2).",
    cause="The certificate of a CA was installed on the server instead of the server's own.",
    remedy="Install the server's certificate with its chain: leaf, intermediates, root.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(chain_fault_of("leaf_missing", check)),
    guide=tls.INSTALL_CHAIN,
)
