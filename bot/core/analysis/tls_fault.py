"""Why TLS with a backend was not agreed: exactly one kind each, so that no two rules claim the same failure.

Alert numbers: RFC 8446, section 6. What the gateway itself offers to backends:
https://learn.microsoft.com/azure/application-gateway/ssl-overview and
https://learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from bot.core.analysis import commands
from bot.core.analysis.old_tls import old_tls_accepted
from bot.core.analysis.reported_health import reported_health, why_not_reached
from bot.core.analysis.tls12_probe import tls12_attempt, tls12_refused
from bot.core.analysis.tls_error_pages import asked_and_denied, wants_client_certificate
from bot.core.analysis.turned_away import turned_away
from bot.core.case.finding import Confidence, Evidence, Match
from bot.core.case.one_kind import OfKind
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.marked import mark
from bot.core.model.observation import (
    Answered,
    Attempt,
    Handshake,
    HandshakeFailed,
    NoResponse,
    Response,
)
from bot.core.model.status_ranges import in_ranges
from bot.core.routing.routes import Backend

TlsFaultKind = Literal[
    "not_tls",
    "client_certificate",
    "sni_required",
    "sni_refused",
    "version_or_cipher",
    "application_protocol",
    "certificate_too_long",
    "key_exchange_too_weak",
    "other",
]

UNRECOGNIZED_NAME = 112
NO_APPLICATION_PROTOCOL = 120
NOTHING_IN_COMMON = frozenset({40, 70, 71})
"""handshake_failure, protocol_version, insufficient_security."""

_TOO_OLD = "unsupported protocol"
"""OpenSSL's message (SSL_R_UNSUPPORTED_PROTOCOL) where the server chose a version below the lowest offered."""


_TOO_LONG = "excessive message size"
"""OpenSSL's message (SSL_R_EXCESSIVE_MESSAGE_SIZE) for certificates of more than 100 KB together.

https://docs.openssl.org/master/man3/SSL_CTX_set_max_cert_list/
"""


_BAD_GROUP = ("dh key too small", "bad dh value")
"""OpenSSL's messages for a Diffie-Hellman group that it refuses as the client.

SSL_R_DH_KEY_TOO_SMALL: of less than 1024 bits, at every security level (ssl_security_default_callback in
ssl/ssl_cert.c). SSL_R_BAD_DH_VALUE: it is no group, or of less than 512 bits (tls_process_ske_dhe in
ssl/statem/statem_clnt.c).
"""


@dataclass(frozen=True, slots=True)
class TlsFault:
    """A handshake that the gateway's probe would not get through, as we saw it."""

    kind: TlsFaultKind
    attempt: Attempt
    evidence: Evidence
    confidence: Confidence

    def seen(self, backend: Backend, summary: str, *more: Evidence) -> Match:
        """The finding of the rule that this kind belongs to, with what `more` shows it."""
        return Match(summary, (self.evidence, *more), backend, self.confidence)


def tls_fault_of(
    kind: TlsFaultKind, say: Callable[[BackendView, TlsFault], Iterable[Match]]
) -> OfKind[TlsFault]:
    """The check of a rule that one kind belongs to."""
    return OfKind(tls_fault, TlsFault, kind, say)


@asked_once
def tls_fault(view: BackendView) -> TlsFault | None:
    """What went wrong with the handshake of the gateway's probe; None if it was agreed, or not tried.

    Where the server cuts us off without a word and the gateway calls it healthy, nothing is known of it.
    """
    attempt = view.attempt
    # That our newer hello got through does not count where the gateway's own is rejected.
    outcome = tls12_refused(view) or view.connection
    # The gateway's position is what counts, and it may get through where we do not.
    confidence: Confidence = "medium" if reported_health(view) == "healthy" else "high"
    match outcome:
        case HandshakeFailed("closed") if turned_away(view) is not None:
            return None
        case HandshakeFailed() as failed:
            made = tls12_attempt(view) or attempt
            evidence = Evidence(why_not_reached(failed), commands.openssl(made))
            return TlsFault(_kind(view, failed), attempt, evidence, confidence)
    # Some servers demand certificates only for some hosts and paths, so here the very request counts.
    match view.outcome:
        case Answered(address, _, NoResponse("client_certificate", reason)):
            # TLS 1.3: the server objects only after the client considers the handshake complete.
            evidence = Evidence(f"{mark(address)}: {reason}", commands.curl(attempt))
            return TlsFault("client_certificate", attempt, evidence, confidence)
        case Answered(address, Handshake(), Response(status) as response) if (
            wants_client_certificate(response) and not _healthy(view, status)
        ):
            said = f"{mark(address)}: status {status}, and the page says that a client certificate is missing"
            evidence = Evidence(said, commands.curl(attempt))
            return TlsFault("client_certificate", attempt, evidence, confidence)
        case Answered(address, Handshake() as agreed, Response(status) as response) if (
            asked_and_denied(agreed, response) and not _healthy(view, status)
        ):
            return _denied(view, address, status)
    return None


def _denied(view: BackendView, address: str, status: int) -> TlsFault | None:
    """It may deny the request for another reason, and may well reject our address and accept the gateway's."""
    if reported_health(view) == "healthy":
        return None
    attempt = view.attempt
    said = f"{mark(address)} asks for a client certificate in the handshake, and without one answers with {status}"
    return TlsFault("client_certificate", attempt, Evidence(said, commands.curl(attempt)), "medium")


def sni_that_works(view: BackendView) -> Attempt | None:
    """An attempt with another SNI whose handshake succeeded, one with a name before one without any."""
    sent = view.request.sni
    others = [attempt for attempt, _ in view.handshakes if attempt.sni != sent]
    return min(others, key=lambda attempt: attempt.sni is None, default=None)


def _healthy(view: BackendView, status: int) -> bool:
    return in_ranges(status, view.request.match.status_codes)


def _kind(view: BackendView, failed: HandshakeFailed) -> TlsFaultKind:
    if failed.kind == "not_tls":
        return "not_tls"
    if failed.client_certificate_wanted and failed.kind != "timeout":
        # It asks only once version and cipher are settled (RFC 5246, 7.3), so neither is at fault.
        return "client_certificate"
    if failed == tls12_refused(view) and failed.kind != "timeout":
        # With the same SNI our own newer hello was accepted.
        return "version_or_cipher"
    if failed.alert == UNRECOGNIZED_NAME or sni_that_works(view) is not None:
        return "sni_refused" if view.request.sni else "sni_required"
    if failed.alert == NO_APPLICATION_PROTOCOL:
        return "application_protocol"
    if failed.alert is None and _TOO_LONG in failed.reason:
        return "certificate_too_long"
    if failed.alert is None and any(it in failed.reason for it in _BAD_GROUP):
        return "key_exchange_too_weak"
    too_old = failed.alert is None and _TOO_OLD in failed.reason
    if failed.kind == "alert" and (failed.alert in NOTHING_IN_COMMON or too_old):
        return "version_or_cipher"
    return "other" if old_tls_accepted(view) is None else "version_or_cipher"
