"""v2: the gateway says that a certificate of the chain was revoked."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """Code 23 in the gateway's message; this bot asks nobody about revocation."""
    fault = chain_fault(view)
    if isinstance(fault, ChainFault) and fault.kind == "certificate_revoked":
        yield Match(
            f"The gateway does not accept what {mark(view.server)} serves: {fault.says}.",
            fault.evidence,
            view.backend,
        )


RULE = Rule(
    id="certificate_revoked",
    severity="error",
    symptom="A certificate of the chain has been revoked by its CA (v2).",
    cause="The CA has put it on its revocation list: a stolen key, a mistake, or a certificate that was"
    " replaced.",
    remedy="Make a new key, get a new certificate for it, and install that on the backend.",
    sources=(
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=certificate.REPLACE_REVOKED,
)
