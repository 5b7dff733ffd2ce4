"""v2: a certificate of the chain may not be used for TLS servers."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """OpenSSL's codes 26 and 39: key usage and extended key usage."""
    fault = chain_fault(view)
    if isinstance(fault, ChainFault) and fault.kind == "certificate_purpose_unfit":
        yield Match(
            f"The gateway does not accept what {mark(view.server)} serves: {fault.says}.",
            fault.evidence,
            view.backend,
        )


RULE = Rule(
    id="certificate_purpose_unfit",
    severity="error",
    symptom="A certificate of the chain is not meant for servers, such as one for clients only (v2).",
    cause="Its extended key usage lacks serverAuth (a client or code signing certificate was installed), or"
    " a CA above it is limited to other uses.",
    remedy="Get a certificate with extendedKeyUsage serverAuth, from a CA that is not limited to other"
    " uses, and install it on the backend.",
    sources=(
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=certificate.USE_SERVER_CERTIFICATE,
)
