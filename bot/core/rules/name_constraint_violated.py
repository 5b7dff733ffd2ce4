"""v2: a certificate of the chain has a name for which a CA above it may not issue."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """OpenSSL's codes 47 to 53 (RFC 5280, 4.2.1.10)."""
    fault = chain_fault(view)
    if isinstance(fault, ChainFault) and fault.kind == "name_constraint_violated":
        yield Match(
            f"The gateway does not accept what {mark(view.server)} serves: {fault.says}.",
            fault.evidence,
            view.backend,
        )


RULE = Rule(
    id="name_constraint_violated",
    severity="error",
    symptom="A CA above the backend's certificate has name constraints that the certificate breaks (v2).",
    cause="The CA may issue only for certain names, or not for certain others, and the certificate has"
    " another one; or the constraints, or a name, are malformed. Uploading a root does not change"
    " that.",
    remedy="Get a certificate whose names the CA may issue for, or one from another CA; or have the"
    " constrained CA issued again.",
    sources=(
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=certificate.ISSUE_WITHIN_NAMES,
)
