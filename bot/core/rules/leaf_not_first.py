"""v2: the backend sends another certificate before its own."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault_of
from bot.core.analysis.guides import tls
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: ChainFault) -> Iterator[Match]:
    """A CA's certificate, or one for another name, is where the leaf has to be."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} sends its certificates in the wrong order: {mark(fault.path[0].subject)}"
        " comes before its own certificate.",
    )


RULE = Rule(
    id="leaf_not_first",
    severity="error",
    symptom="The backend's own (leaf) certificate is not the first in the chain that it sends (v2).",
    cause="The certificates were joined in the wrong order when the bundle was made.",
    remedy="Install the bundle again in this order: leaf, intermediates, root.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(chain_fault_of("leaf_not_first", check)),
    guide=tls.INSTALL_CHAIN,
)
