"""v2: the backend sends its own certificate, but not the one that issued it."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault_of
from bot.core.analysis.guides import tls
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: ChainFault) -> Iterator[Match]:
    """The leaf's issuer is neither sent nor a root that we know of; the gateway fetches no certificates."""
    leaf = fault.path[0]
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} does not send the certificate of {mark(leaf.issuer)}, which issued its"
        f" certificate ({mark(leaf.subject)}).",
    )


RULE = Rule(
    id="intermediate_missing",
    severity="error",
    symptom="The backend does not send the intermediate certificate that issued its own (v2).",
    cause="Only the leaf was installed on the server. Browsers and Windows fetch or cache intermediates; the"
    " gateway does not. An App Service Environment v3 sends the chain of a private CA only for certificates"
    " uploaded after 1 October 2023.",
    remedy="Install the whole chain on the server: leaf, intermediates, root, in this order (on an App Service"
    " Environment: upload and bind the certificate again). If the missing issuer is itself a private root, upload"
    " it to the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/app-service/environment/overview-certificates",
    ),
    check=each_request(chain_fault_of("intermediate_missing", check)),
    guide=tls.INSTALL_CHAIN,
)
