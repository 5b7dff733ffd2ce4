"""What clients' requests look like to a backend, as opposed to the health probe.

A backend can be healthy and still fail its clients: on v2 their own host name is sent as Host header and SNI unless
the HTTP settings have one (learn.microsoft.com/azure/application-gateway/configuration-http-settings).
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis.probe_answer import answer_fault
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, Attempt, Response
from bot.core.routing.client_request import ClientRequest


def client_requests(view: BackendView) -> Iterator[ClientRequest]:
    """The requests of clients that lead to the backend and can be made."""
    return (it for it in view.case.clients_of(view.backend) if it.can_be_made)


def under_probes_host(view: BackendView, attempt: Attempt) -> Attempt:
    """The same request with the host, and the SNI, of the health probe."""
    probe = view.probe_request
    return replace(attempt, host=probe.host, sni=probe.sni if attempt.tls else None)


def probe_is_answered(view: BackendView) -> bool:
    """Whether our own copy of the health probe got an answer that counts as healthy."""
    match view.outcome:
        case Answered(http=Response()):
            return answer_fault(view) is None
    return False
