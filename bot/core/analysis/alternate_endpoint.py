"""Another port or protocol on which a server answers the request that the gateway's probe makes in vain.

Tried only where the first look gives a reason: the port refused the connection, or it speaks the other
protocol. Never where packets vanish: to whoever blocks one port, that would look like a scan of the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.analysis.probed_port import at_probed_port
from bot.core.analysis.redirects import redirected_astray
from bot.core.analysis.tls_instead import may_be_tls
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Protocol
from bot.core.model.observation import (
    Answered,
    Attempt,
    HandshakeFailed,
    NotConnected,
    Response,
)
from bot.core.model.status_ranges import in_ranges
from bot.core.routing.gateway_request import GatewayRequest
from bot.core.routing.routes import Backend

USUAL: dict[Protocol, tuple[int, ...]] = {"https": (443, 8443), "http": (80, 8080)}
"""Where web servers listen by convention, tried after the ports that the gateway itself uses."""

MOST_PORTS = 3
"""Ports tried beside the one that is configured: a look around, not a scan."""


@dataclass(frozen=True, slots=True)
class AlternateEndpoint:
    """How to speak to a server, and the same probe as an attempt to do so."""

    protocol: Protocol
    port: int
    attempt: Attempt


def alternate_endpoints(view: BackendView) -> Iterator[AlternateEndpoint]:
    """What may be meant instead, the most likely first; nothing where the configured endpoint gives no reason."""
    sent, settings = view.request, view.settings
    astray = redirected_astray(view)
    if astray is not None and astray.protocol != sent.protocol and astray.kind != "sent_back":
        # The server says itself where it wants to be asked.
        yield _endpoint(view.backend, sent, astray.protocol, astray.port)
        return
    probed = at_probed_port(view)
    if probed is not None:
        # Where the probe finds the site, clients may be meant to.
        protocol: Protocol = "https" if probed.tls else "http"
        yield AlternateEndpoint(protocol, probed.port, probed)
        return
    kinds = _speaking(view)
    if kinds and (sent.protocol, sent.port) != (settings.protocol, settings.port):
        # The probe has an endpoint of its own: it should test what clients are served, whatever else there is.
        yield _endpoint(view.backend, sent, settings.protocol, settings.port)
        return
    for protocol in kinds:
        if protocol == sent.protocol:
            yield from (
                _endpoint(view.backend, sent, protocol, port) for port in _ports(view.case, sent)
            )
        else:
            yield _endpoint(view.backend, sent, protocol, sent.port)


@asked_once
def answering_endpoint(view: BackendView) -> AlternateEndpoint | None:
    """The first other endpoint that answers the probe's very request as it expects; None if none is known."""
    return next((it for it in alternate_endpoints(view) if _answers(view, it)), None)


def _speaking(view: BackendView) -> tuple[Protocol, ...]:
    """In which protocols to try again: the same one on other ports, the other one on this port."""
    match view.outcome:
        case NotConnected("refused"):
            return (view.request.protocol,)
        case HandshakeFailed("not_tls"):
            return ("https", "http")
        case outcome if may_be_tls(outcome):
            return ("https",)
    return ()


def _answers(view: BackendView, way: AlternateEndpoint) -> bool:
    match view.case.outcome(way.attempt):
        case Answered(http=Response(status=status)):
            # A redirect proves a web server, but not the site: port 80 often redirects to another port.
            is_redirect = 300 <= status < 400
            return not is_redirect and in_ranges(status, view.request.match.status_codes)
    return False


def _ports(case: Case, sent: GatewayRequest) -> tuple[int, ...]:
    gateway = case.gateway
    used = [it.port for it in gateway.http_settings if it.protocol == sent.protocol]
    own = [it.port for it in gateway.probes if it.protocol == sent.protocol and it.port]
    others = dict.fromkeys((*used, *own, *USUAL[sent.protocol]))
    return tuple(port for port in others if port != sent.port)[:MOST_PORTS]


def _endpoint(
    backend: Backend, sent: GatewayRequest, protocol: Protocol, port: int
) -> AlternateEndpoint:
    asked = replace(sent, protocol=protocol, port=port)
    return AlternateEndpoint(protocol, port, asked.to(backend.server))
