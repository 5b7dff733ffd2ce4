"""The backend sends certificates that are too long for a TLS message."""

from collections.abc import Iterator

from bot.core.analysis.guides import certificate
from bot.core.analysis.tls_fault import TlsFault, tls_fault_of
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: TlsFault) -> Iterator[Match]:
    """Our own OpenSSL breaks off, as every client with its default settings does."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} sends certificates of more than 100 KB, which OpenSSL does not read: probably one"
        " with thousands of names.",
    )


RULE = Rule(
    id="certificate_too_long",
    severity="error",
    symptom="The backend's certificates are too long for a TLS handshake.",
    cause="A certificate has thousands of names, or the bundle has hundreds of certificates. OpenSSL reads 100 KB of"
    " certificates by default.",
    remedy="Divide the names among several certificates, or use a wildcard; send only the chain of this certificate.",
    sources=("https://docs.openssl.org/master/man3/SSL_CTX_set_max_cert_list/",),
    check=each_request(tls_fault_of("certificate_too_long", check)),
    guide=certificate.SHRINK,
)
