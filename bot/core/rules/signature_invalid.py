"""v2: a signature in the chain was not made with the key of its issuer."""

from bot.core.analysis.chain_fault import refused_for
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.rule import Rule

# OpenSSL's codes 4, 6, 7 and 76 to 78.
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
    check=each_request(refused_for("signature_invalid")),
    guide=certificate.REINSTALL,
)
