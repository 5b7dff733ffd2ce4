"""Servers that speak only TLS 1.0 or 1.1, and do not say so: they close the connection, or send a vague alert.

A hello of those versions tells. No gateway sends one: since 31 August 2025 TLS 1.2 is the least
(https://learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement).
"""

from dataclasses import replace

from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.observation import Answered, Attempt, Handshake, HandshakeFailed, Outcome

_TELLING = frozenset({40, 70, 71, 112, 116, 120})
"""Alerts that name another cause, or name this one already (RFC 8446, section 6)."""


def old_tls_attempt(view: BackendView) -> Attempt | None:
    """The gateway's handshake with TLS 1.1 and older, and no request; None where there is no reason to try it."""
    own = view.attempt
    if not _is_vague(view.case.connection(own)) or any(view.handshakes):
        return None
    return replace(own, host=own.sni or own.server, path=None, hello="old")


@asked_once
def old_tls_accepted(view: BackendView) -> Handshake | None:
    """What was agreed with TLS 1.1 or older; None if that was rejected, or not tried."""
    attempt = old_tls_attempt(view)
    match attempt and view.case.connection(attempt):
        case Answered(handshake=Handshake() as agreed):
            return agreed
    return None


def _is_vague(outcome: Outcome) -> bool:
    match outcome:
        case HandshakeFailed("closed" | "alert", client_certificate_wanted=False, alert=alert):
            return alert not in _TELLING
    return False
