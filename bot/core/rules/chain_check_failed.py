"""v2: OpenSSL does not accept the chain for a reason that no other rule names."""

from bot.core.analysis.chain_fault import refused_for
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.rule import Rule

# The code is quoted with its number and name, and the certificate at its depth.
RULE = Rule(
    id="chain_check_failed",
    severity="error",
    symptom="A certificate of the chain breaks one of the rules that OpenSSL checks (v2).",
    cause="What the code says: an extension that it does not know but must, a malformed certificate, a"
    " revocation list that the gateway cannot get.",
    remedy="Look up the code, have the certificate that it is about issued again without that fault, and"
    " install it on the backend.",
    sources=(
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(refused_for("chain_check_failed")),
    guide=certificate.FIND_OUT,
)
