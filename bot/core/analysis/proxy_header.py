"""Servers that take a connection only after a line of the PROXY protocol, and close every other one without a word.

nginx (`listen ... proxy_protocol`), HAProxy (`accept-proxy`) and others do where they expect a load balancer of their
own in front of them. The HTTP settings of a gateway have no such line: it tells the client's address in X-Forwarded-For
(https://learn.microsoft.com/azure/application-gateway/proxy-protocol-header).
"""

from dataclasses import replace

from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.observation import (
    Answered,
    Attempt,
    Handshake,
    HandshakeFailed,
    NoResponse,
    Outcome,
    Response,
)

_BAD_REQUEST = 400
"""What a server may answer that takes the line for the beginning of a request."""


def proxied_attempt(view: BackendView) -> Attempt | None:
    """The same request after such a line; None where it is not cut off, or is no more than a TCP connection."""
    own = view.attempt
    silent_end = _is_cut_off(view.case.connection(own)) or _is_cut_off(view.outcome)
    return replace(own, hello="proxied") if silent_end else None


@asked_once
def taken_with_header(view: BackendView) -> Attempt | None:
    """That request, if it is what gets an answer; None if it does not, or nobody tried."""
    attempt = proxied_attempt(view)
    match attempt and view.case.outcome(attempt):
        case Answered(handshake=Handshake()):
            return attempt
        case Answered(handshake=None, http=Response(status=status)) if status != _BAD_REQUEST:
            return attempt
    return None


def _is_cut_off(outcome: Outcome) -> bool:
    match outcome:
        case HandshakeFailed("closed", client_certificate_wanted=False):
            return True
        case Answered(handshake=None, http=NoResponse("closed")):
            return True
    return False
