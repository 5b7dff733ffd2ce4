"""v2: a key or a signature in the chain is too weak for OpenSSL."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault_of
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: ChainFault) -> Iterator[Match]:
    """Codes 66 to 68 in the gateway's own message, or what every OpenSSL with its default settings forbids."""
    yield fault.seen(view.backend, _summary(view, fault))


def _summary(view: BackendView, fault: ChainFault) -> str:
    who = (
        "The gateway does not accept"
        if fault.only_gateway_says
        else "OpenSSL's default settings forbid"
    )
    return f"{who} what {mark(view.server)} serves: {fault.says}."


RULE = Rule(
    id="certificate_too_weak",
    severity="error",
    symptom="A certificate of the chain has too short a key or too weak a signature (v2).",
    cause="RSA keys below 1024 bits and MD5 are forbidden by every OpenSSL with default settings; SHA-1 and"
    " RSA below 2048 bits by newer ones.",
    remedy="Have the certificate issued again with a key of RSA 2048 bits (or EC P-256) or more, signed"
    " with SHA-256.",
    sources=(
        "https://docs.openssl.org/master/man3/SSL_CTX_set_security_level/",
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(chain_fault_of("certificate_too_weak", check)),
    guide=certificate.USE_STRONGER,
)
