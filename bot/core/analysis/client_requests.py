"""What clients' requests look like to a backend, as opposed to the health probe.

A backend can be healthy and still fail its clients: on v2 their own host name is sent as Host header and SNI unless
the HTTP settings have one (learn.microsoft.com/azure/application-gateway/configuration-http-settings).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.analysis.probe_answer import answer_fault
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, Attempt, Response
from bot.core.routing.gateway_request import GatewayRequest, client_request, name_or_none


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A client's request for `client_host` as the gateway passes it on."""

    client_host: str
    request: GatewayRequest
    attempt: Attempt


def client_requests(view: BackendView) -> Iterator[ClientRequest]:
    """One for each host name of the listeners that lead to the backend; patterns are no names to ask for."""
    for host in filter(name_or_none, view.backend.hosts):
        sent = client_request(view.gateway, view.backend, host)
        yield ClientRequest(host, sent, sent.to(view.server))


def probe_is_answered(view: BackendView) -> bool:
    """Whether our own copy of the health probe got an answer that counts as healthy."""
    match view.outcome:
        case Answered(http=Response()):
            return answer_fault(view) is None
    return False
