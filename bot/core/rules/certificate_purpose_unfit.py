"""v2: a certificate of the chain may not be used for TLS servers."""

from bot.core.analysis.chain_fault import refused_for
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.rule import Rule

# OpenSSL's codes 26 and 39: key usage and extended key usage.
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
    check=each_request(refused_for("certificate_purpose_unfit")),
    guide=certificate.USE_SERVER_CERTIFICATE,
)
