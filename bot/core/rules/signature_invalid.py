"""v2: a signature in the chain was not made with the key of its issuer."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """OpenSSL's codes 4, 6, 7 and 76 to 78."""
    fault = chain_fault(view)
    if isinstance(fault, ChainFault) and fault.kind == "signature_invalid":
        yield Match(
            f"The gateway does not accept what {mark(view.server)} serves: {fault.says}.",
            fault.evidence,
            view.backend,
        )


RULE = Rule(
    id="signature_invalid",
    severity="error",
    symptom="A certificate of the chain has a signature that does not fit (v2).",
    cause="The certificate was changed or damaged after it was issued, was signed with another key than the"
    " one that its issuer has, or in a way that OpenSSL does not know.",
    remedy="Install the certificate again from the CA's own file; if that does not help, have it issued again.",
    sources=(
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=certificate.REINSTALL,
)
