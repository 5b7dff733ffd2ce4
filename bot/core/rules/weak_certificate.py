"""v2: a key or a signature in the chain is weaker than newer clients accept."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.chain_fault import ChainFault, chain_fault, chain_weaknesses
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """Where the gateway is content or says nothing of it; a chain that is not accepted for it is an error."""
    seen = view.of_probe.handshake
    if seen is None:
        return
    fault = chain_fault(view)
    if isinstance(fault, ChainFault) and fault.kind == "certificate_too_weak":
        return
    for it in chain_weaknesses(view, seen):
        yield Match(
            f"{mark(view.server)} serves {mark(it.certificate.subject)}, which {it.what}: newer clients"
            f" refuse that"
            f" (OpenSSL error {it.code.label}).",
            (
                Evidence(
                    f"{mark(it.certificate.subject)} {it.what} (SHA-256 {it.certificate.sha256})",
                    commands.show_whole(view.probe_attempt),
                ),
            ),
            view.backend,
        )


RULE = Rule(
    id="weak_certificate",
    severity="warning",
    symptom="A certificate of the chain has a short key or an old signature (v2).",
    cause="OpenSSL forbids RSA below 2048 bits and EC below 224 bits at security level 2, its default since"
    " 3.2, and SHA-1 at level 1 since 3.0. The level of a gateway is not documented, and may rise.",
    remedy="At the next renewal, get certificates with RSA 2048 bits (or EC P-256) or more, signed with"
    " SHA-256.",
    sources=(
        "https://docs.openssl.org/master/man3/SSL_CTX_set_security_level/",
        "https://docs.openssl.org/3.0/man7/migration_guide/",
    ),
    check=each_backend(check),
)
