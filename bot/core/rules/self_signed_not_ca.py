"""v2: the backend's certificate is self-signed, but not a CA, so it can be neither leaf nor root."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault_of
from bot.core.analysis.guides import tls
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: ChainFault) -> Iterator[Match]:
    """Uploading it does not help: it is treated as a leaf whose issuer is missing."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} serves a self-signed certificate ({mark(fault.path[0].subject)}) that is not"
        " marked as a CA, which a v2 gateway cannot trust, uploaded or not.",
    )


RULE = Rule(
    id="self_signed_not_ca",
    severity="error",
    symptom="The backend's certificate is self-signed without being a CA certificate (v2).",
    cause="A v2 gateway trusts roots, and a root must have basicConstraints CA:TRUE. Without it the certificate"
    " is treated as a leaf whose issuer is missing, and the gateway reports a missing intermediate.",
    remedy="Create a root CA and let it issue the server's certificate (or renew the self-signed one with CA:TRUE),"
    " then upload the root to the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/self-signed-certificates",
    ),
    check=each_request(chain_fault_of("self_signed_not_ca", check)),
    guide=tls.USE_CA,
)
