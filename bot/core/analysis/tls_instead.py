"""Plain HTTP to a port that may be for TLS: servers that say nothing of it, and how a hello on the same port tells.

nginx, Apache httpd, Go and Tomcat answer with a page that says so (`tls_error_pages`), others with a bare 400, with an
alert, or by closing the connection, as they do with anything that is not a ClientHello (RFC 8446, section 6.2).
"""

from dataclasses import replace

from bot.core.analysis import commands
from bot.core.case.finding import Evidence
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.marked import mark
from bot.core.model.observation import (
    Answered,
    Attempt,
    Handshake,
    HandshakeFailed,
    NoResponse,
    Outcome,
    Response,
)

BAD_REQUEST = 400


def may_be_tls(outcome: Outcome) -> bool:
    """Whether plain HTTP was met as a server that expects TLS may meet it."""
    match outcome:
        case Answered(handshake=None, http=NoResponse("closed" | "malformed" | "tls")):
            return True
        case Answered(handshake=None, http=Response(status=status)):
            return status == BAD_REQUEST
    return False


@asked_once
def tls_instead(view: BackendView) -> Attempt | None:
    """The gateway's probe over TLS on the same port; None where plain HTTP gives no reason to try."""
    if not may_be_tls(view.outcome):
        return None
    return replace(view.attempt, tls=True, sni=view.request.sni)


@asked_once
def spoken_tls(view: BackendView) -> Evidence | None:
    """That this port speaks TLS, as a hello showed; None where none was tried, or it showed nothing."""
    attempt = tls_instead(view)
    if attempt is None:
        return None
    port = f"{mark(view.server)} port {attempt.port}"
    match view.case.connection(attempt):
        case Answered(handshake=Handshake(tls=version)):
            return Evidence(f"a TLS handshake with {port} succeeds ({version})", _shown(attempt))
        case HandshakeFailed(kind="alert", reason=reason):
            # An alert, or a hello that we cannot accept, is TLS too.
            return Evidence(
                f"a TLS hello to {port} is answered with TLS: {reason}", _shown(attempt)
            )
    return None


def _shown(attempt: Attempt) -> str:
    return commands.shake_hands(attempt)
