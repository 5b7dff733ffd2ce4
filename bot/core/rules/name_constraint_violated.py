"""v2: a certificate of the chain has a name for which a CA above it may not issue."""

from bot.core.analysis.chain_fault import refused_for
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.rule import Rule

# OpenSSL's codes 47 to 53 (RFC 5280, 4.2.1.10).
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
    check=each_request(refused_for("name_constraint_violated")),
    guide=certificate.ISSUE_WITHIN_NAMES,
)
