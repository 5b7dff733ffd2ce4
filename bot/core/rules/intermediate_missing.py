"""v2: the backend sends its own certificate, but not the one that issued it."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView


def check(view: BackendView) -> Iterator[Match]:
    """The leaf's issuer is neither sent nor a root that we know of; the gateway fetches nothing by itself."""
    fault = chain_fault(view)
    if isinstance(fault, ChainFault) and fault.kind == "intermediate_missing":
        leaf = fault.path[0]
        yield Match(
            f"{view.server} does not send the certificate of {leaf.issuer}, which issued its"
            f" certificate ({leaf.subject}).",
            fault.evidence,
            view.backend,
        )


RULE = Rule(
    id="intermediate_missing",
    severity="error",
    symptom="The backend does not send the intermediate certificate that issued its own (v2).",
    cause="Only the leaf was installed at the server. Browsers and Windows fetch or remember intermediates; the"
    " gateway does not. An App Service Environment v3 sends the chain of a private CA only for certificates"
    " uploaded after 1 October 2023.",
    remedy="Install the whole chain at the server: leaf, intermediates, root, in this order (on an App Service"
    " Environment: upload and bind the certificate again). If the missing issuer is a private root itself, upload"
    " it to the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/app-service/environment/overview-certificates",
    ),
    check=each_backend(check),
)
