"""v2: there are more CAs below one than its path length constraint allows."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """OpenSSL's codes 22, 25 and 38."""
    fault = chain_fault(view)
    if isinstance(fault, ChainFault) and fault.kind == "path_length_exceeded":
        yield Match(
            f"The gateway does not accept what {mark(view.server)} serves: {fault.says}.",
            fault.evidence,
            view.backend,
        )


RULE = Rule(
    id="path_length_exceeded",
    severity="error",
    symptom="The chain has more intermediate CAs than one of its CAs allows (v2).",
    cause="A CA has a pathLenConstraint (often 0: only servers, no further CA), and another CA was put"
    " below it.",
    remedy="Have the server's certificate issued by a CA that may issue it, or issue the limited CA again"
    " with a larger pathLenConstraint.",
    sources=(
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=certificate.SHORTEN_CHAIN,
)
