"""v2: what is stored as the root is an intermediate or a cross-signed certificate, so no chain ends in it."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault_of
from bot.core.analysis.guides import tls
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark


def check(view: BackendView, fault: ChainFault) -> Iterator[Match]:
    """OpenSSL's code 2 at a certificate that the settings list: only a self-signed one ends a chain."""
    # A certificate of the settings makes it of this kind.
    assert fault.cause is not None
    assert fault.cause.culprit is not None
    yield fault.seen(view.backend, _summary(view, fault.cause.culprit))


def _summary(view: BackendView, stored: Certificate) -> str:
    files = (it for it in view.gateway.roots(view.settings) if it.certificate == stored)
    roots = [other for it in files for other in it.bundled if other.is_root]
    behind = f" The root {mark(roots[0].subject)} comes after it in the same file." if roots else ""
    return (
        f"{mark(view.settings.name)} trusts {mark(stored.subject)} as a root, but that is none: it was issued by"
        f" {mark(stored.issuer)}, which is not trusted. So the certificate of {mark(view.server)} ends in nothing that"
        f" the gateway accepts (OpenSSL error 2).{behind}"
    )


RULE = Rule(
    id="trusted_root_not_a_root",
    severity="error",
    symptom="The settings list an intermediate or a cross-signed certificate where a root has to be (v2).",
    cause="The intermediate was exported instead of the root, the file is a bundle that begins with it, or"
    " it is the cross-signed edition of a root, issued by another CA.",
    remedy="Upload the self-signed root: the certificate whose subject and issuer are the same name, alone"
    " in its file.",
    sources=(
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(chain_fault_of("trusted_root_not_a_root", check)),
    guide=tls.TRUST_ROOT,
)
