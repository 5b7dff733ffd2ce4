"""v2: what issued a certificate of the chain is no CA."""

from bot.core.analysis.chain_fault import refused_for
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.rule import Rule

# OpenSSL's codes 24, 32, 37 and 79.
RULE = Rule(
    id="issuer_not_ca",
    severity="error",
    symptom="A certificate of the chain was issued by one that is not a CA (v2).",
    cause="The issuer lacks basicConstraints CA:TRUE, or its key usage does not include signing"
    " certificates: a server certificate was used to issue another, or the CA was made with the wrong"
    " extensions.",
    remedy="Issue the CA's certificate again with basicConstraints CA:TRUE and keyUsage keyCertSign, and"
    " what it issued as well; then install the new chain on the backend.",
    sources=(
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(refused_for("issuer_not_ca")),
    guide=certificate.ISSUE_BY_CA,
)
