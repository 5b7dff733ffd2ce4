"""The backend agrees on keys by a Diffie-Hellman group that is too short for OpenSSL."""

from collections.abc import Iterator

from bot.core.analysis.guides import tls
from bot.core.analysis.tls_fault import TlsFault, tls_fault_of
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: TlsFault) -> Iterator[Match]:
    """Our own OpenSSL breaks off, with every check of strength that it lets us switch off."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} uses a Diffie-Hellman group (DHE) that no OpenSSL accepts: of less than 1024 bits, or"
        " no group at all.",
    )


RULE = Rule(
    id="key_exchange_too_weak",
    severity="error",
    symptom="The backend's Diffie-Hellman group is too short for a TLS handshake.",
    cause="The server prefers DHE cipher suites and has a group of 512 or 768 bits: an old default of its software, or"
    " a file of parameters made long ago.",
    remedy="Allow ECDHE cipher suites on the server, or give it a group of 2048 bits.",
    sources=(
        "https://docs.openssl.org/master/man3/SSL_CTX_set_security_level/",
        "https://weakdh.org/sysadmin.html",
    ),
    check=each_request(tls_fault_of("key_exchange_too_weak", check)),
    guide=tls.USE_STRONG_GROUP,
)
