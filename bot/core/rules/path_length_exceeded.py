"""v2: there are more CAs below one than its path length constraint allows."""

from bot.core.analysis.chain_fault import refused_for
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.rule import Rule

# OpenSSL's codes 22, 25 and 38.
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
    check=each_request(refused_for("path_length_exceeded")),
    guide=certificate.SHORTEN_CHAIN,
)
