"""v2: a root or intermediate of the right name has another key than the one that issued."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault_of
from bot.core.analysis.guides import certificate
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark


def check(view: BackendView, fault: ChainFault) -> Iterator[Match]:
    """Where OpenSSL finds no issuer or a wrong signature, and there is a CA of that name with another key."""
    cause = fault.cause
    # They make it of this kind.
    assert cause is not None
    assert cause.culprit is not None
    assert cause.namesake is not None
    below, other = cause.culprit, cause.namesake
    where = "it sends" if other in fault.path else f"{mark(view.settings.name)} trusts"
    said = _two_roots if below.self_signed else _not_its_issuer
    summary = f"{said(view, below, other, where)} (OpenSSL error {cause.code.label})."
    yield fault.seen(view.backend, summary)


def _two_roots(view: BackendView, below: Certificate, other: Certificate, where: str) -> str:
    return (
        f"{mark(view.server)} sends the root {mark(below.subject)}; the {mark(other.subject)} that {where} has the"
        " same name, but another key: it is another root"
    )


def _not_its_issuer(view: BackendView, below: Certificate, other: Certificate, where: str) -> str:
    return (
        f"{mark(below.subject)}, which {mark(view.server)} sends, was not issued with the key of the"
        f" {mark(other.subject)} that {where}: that one has the issuer's name, but another key"
    )


RULE = Rule(
    id="issuer_rekeyed",
    severity="error",
    symptom="A root or intermediate has the right name, but another key than the one that issued the chain"
    " (v2).",
    cause="The CA was renewed with a new key under its old name. Either the gateway has one of the two and"
    " the backend a chain from the other, or the backend still sends the old intermediate.",
    remedy="Bring both sides to the same key: upload the root with the key that issued the chain, or have"
    " the backend's certificate issued again below the new one; send the intermediate that really"
    " issued it.",
    sources=(
        "https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(chain_fault_of("issuer_rekeyed", check)),
    guide=certificate.SEND_NEW_ISSUER,
)
