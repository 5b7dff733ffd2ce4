"""The backend does not complete a TLS handshake."""

from collections.abc import Iterator

from bot.core import commands
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.finding import Evidence, Seen, Undecided
from bot.core.looking import not_seen, seen_or_doubt
from bot.core.observation import HandshakeFailed
from bot.core.rule import Rule, Said, each_backend


def check(case: Case, backend: Backend) -> Iterator[Said]:
    """The handshake that the gateway's probe makes fails for us as well."""
    attempt = case.probe_attempt(backend)
    outcome = case.connection(attempt)
    doubt = seen_or_doubt(case, backend)
    if isinstance(doubt, Undecided):
        yield doubt
    elif isinstance(outcome, HandshakeFailed):
        with_sni = f"SNI {attempt.sni}" if attempt.sni else "no SNI, as this gateway sends none"
        yield Seen(
            f"{backend.server} does not complete a TLS handshake with {with_sni}.",
            (Evidence(not_seen(outcome), commands.openssl(attempt)),),
            backend,
        )


RULE = Rule(
    id="tls_handshake_failed",
    severity="error",
    symptom="The TLS handshake that the gateway makes is refused or not answered.",
    cause="The port does not speak TLS, shares no version or cipher with the gateway, insists on SNI where the"
    " gateway sends none, or demands a client certificate.",
    remedy="Give the server a default certificate, allow TLS 1.2, or correct protocol and port.",
    sources=("https://learn.microsoft.com/azure/application-gateway/ssl-overview",),
    check=each_backend(check),
)
