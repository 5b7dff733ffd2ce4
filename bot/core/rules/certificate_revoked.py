"""v2: the gateway says that a certificate of the chain was revoked."""

from bot.core.analysis.chain_fault import refused_for
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.rule import Rule

# Code 23 in the gateway's message; this bot asks nobody about revocation.
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
    check=each_request(refused_for("certificate_revoked")),
    guide=certificate.REPLACE_REVOKED,
)
