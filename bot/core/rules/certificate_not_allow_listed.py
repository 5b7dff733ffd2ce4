"""v1: the certificate that the backend serves is not among those that the HTTP settings allow-list."""

from collections.abc import Iterator

from bot.core import commands
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.certificate import Certificate
from bot.core.finding import Evidence, Seen, Undecided
from bot.core.gateway import is_ip
from bot.core.looking import seen_or_doubt
from bot.core.observation import PUBLIC, Handshake
from bot.core.rule import Rule, Said, each_backend


def check(case: Case, backend: Backend) -> Iterator[Said]:
    """v1 compares the leaf, byte for byte, with the authentication certificates of the settings."""
    if case.gateway.generation != "v1":
        return
    seen = seen_or_doubt(case, backend)
    if isinstance(seen, Undecided):
        yield seen
    elif seen is not None and seen.leaf is not None and not _allowed(case, backend, seen):
        yield Seen(_summary(case, backend), tuple(_evidence(case, backend, seen.leaf)), backend)


def _allowed(case: Case, backend: Backend, seen: Handshake) -> bool:
    listed = _listed(case, backend)
    if listed:
        return seen.leaf is not None and seen.leaf.sha256 in {it.sha256 for it in listed}
    # Nothing listed: only what the platform trusts by default passes (ssl-overview).
    public = seen.trusted_by(PUBLIC)
    return public is not None and public.code == 0


def _listed(case: Case, backend: Backend) -> tuple[Certificate, ...]:
    stored = case.gateway.allow_list(backend.settings)
    return tuple(it.certificate for it in stored if isinstance(it.certificate, Certificate))


def _summary(case: Case, backend: Backend) -> str:
    name = _name_with_listed_certificate(case, backend)
    if is_ip(backend.server) and name:
        return (
            f"{backend.server} serves another certificate than the allow-listed one, because a v1 gateway"
            f" sends no SNI to an IP member; with SNI {name} it would serve the allow-listed one."
        )
    if not case.gateway.allow_list(backend.settings):
        return (
            f"{backend.server} serves a certificate of a private CA, and {backend.settings.name}"
            " allow-lists none."
        )
    return (
        f"{backend.server} serves a certificate that {backend.settings.name} does not allow-list."
    )


def _name_with_listed_certificate(case: Case, backend: Backend) -> str | None:
    listed = {it.sha256 for it in _listed(case, backend)}
    for attempt, handshake in case.handshakes(backend):
        if attempt.sni and handshake.leaf and handshake.leaf.sha256 in listed:
            return attempt.sni
    return None


def _evidence(case: Case, backend: Backend, leaf: Certificate) -> Iterator[Evidence]:
    attempt = case.probe_attempt(backend)
    asked = f"with SNI {attempt.sni}" if attempt.sni else "without SNI, as this gateway asks"
    yield Evidence(
        f"{asked}, {backend.server} serves {leaf.subject} (SHA-256 {leaf.sha256})",
        commands.openssl(attempt),
    )
    for stored in case.gateway.allow_list(backend.settings):
        match stored.certificate:
            case Certificate(subject=subject, sha256=sha256):
                text = f"allow-listed as {stored.name}: {subject} (SHA-256 {sha256})"
            case unreadable:
                text = f"allow-listed as {stored.name}, but not readable: {unreadable.reason}"
        yield Evidence(text, commands.show_settings(case.gateway, backend))
    for other, handshake in case.handshakes(backend):
        if handshake.leaf and handshake.leaf != leaf and other.sni != attempt.sni:
            yield Evidence(
                f"with {f'SNI {other.sni}' if other.sni else 'no SNI'} it serves"
                f" {handshake.leaf.subject} (SHA-256 {handshake.leaf.sha256})",
                commands.openssl(other),
            )


RULE = Rule(
    id="certificate_not_allow_listed",
    severity="error",
    symptom="The backend's certificate is not allow-listed in the HTTP settings (v1).",
    cause="A v1 gateway accepts exactly the certificates that the settings refer to. To an IP member it sends no"
    " SNI, so a server with several certificates answers with its default one.",
    remedy="Upload the certificate that is served to the gateway, or let the pool name the host.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
    ),
    check=each_backend(check),
)
