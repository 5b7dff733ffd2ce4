"""v2: the served chain does not end in a root that the gateway trusts for these settings."""

from collections.abc import Iterator

from bot.core import commands
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.certificate import Certificate
from bot.core.finding import Evidence, Seen, Undecided
from bot.core.looking import seen_or_doubt
from bot.core.observation import PUBLIC, Handshake, Trust
from bot.core.rule import Rule, Said, each_backend


def check(case: Case, backend: Backend) -> Iterator[Said]:
    """The chain is tried against the roots of the settings, or the public CAs where there are none."""
    if case.gateway.generation != "v2" or not backend.settings.validate_chain:
        return
    seen = seen_or_doubt(case, backend)
    if isinstance(seen, Undecided):
        yield seen
        return
    if seen is None or seen.leaf is None:
        return
    anchors = _anchors(case, backend)
    answers = [trust for trust in seen.trust if trust.anchor in anchors]
    if any(trust.code == 0 for trust in answers):
        return
    if len(answers) < len(anchors):
        yield Undecided("the chain has not been tried against every root of the settings", backend)
        return
    yield Seen(
        _summary(backend, seen.leaf),
        tuple(_evidence(case, backend, seen, answers)),
        backend,
    )


def _anchors(case: Case, backend: Backend) -> tuple[str, ...]:
    # With roots listed, only those count: ssl-overview, "trusted root certificates" on v2.
    stored = case.gateway.roots(backend.settings)
    if not stored:
        return (PUBLIC,)
    return tuple(it.certificate.sha256 for it in stored if isinstance(it.certificate, Certificate))


def _summary(backend: Backend, leaf: Certificate) -> str:
    if backend.settings.trusted_roots:
        return (
            f"The certificate of {backend.server} ({leaf.subject}) does not end in a root that"
            f" {backend.settings.name} trusts."
        )
    return (
        f"The certificate of {backend.server} ({leaf.subject}) comes from a private CA, and"
        f" {backend.settings.name} trusts no private root."
    )


def _evidence(
    case: Case, backend: Backend, seen: Handshake, answers: list[Trust]
) -> Iterator[Evidence]:
    attempt = case.probe_attempt(backend)
    chain = "; ".join(f"{it.subject} issued by {it.issuer}" for it in seen.chain)
    yield Evidence(f"served chain: {chain}", commands.openssl(attempt))
    for answer in answers:
        against = "the public CAs" if answer.anchor == PUBLIC else f"root {answer.anchor}"
        yield Evidence(
            f"against {against}: {answer.text} (OpenSSL code {answer.code})",
            commands.show_settings(case.gateway, backend),
        )


RULE = Rule(
    id="root_not_trusted",
    severity="error",
    symptom="The backend's certificate chain ends in no root that the gateway trusts (v2).",
    cause="The certificate comes from a private CA whose root is not uploaded to the HTTP settings, or the backend"
    " does not send the intermediate that leads to it.",
    remedy="Upload the issuing root to the HTTP settings, or let the backend send its whole chain.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
)
