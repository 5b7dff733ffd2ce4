"""What shows that it is a rewrite rule that makes a client's request fail: the same request as the client made it."""

from dataclasses import dataclass
from typing import Literal

from bot.core.analysis.client_outcome import answer_outcome
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.analysis.tls_error_pages import wants_tls
from bot.core.case.view import BackendView
from bot.core.model.hostname import is_wildcard
from bot.core.model.observation import Attempt, Response
from bot.core.routing.gateway_request import client_request

_GONE = frozenset({404, 410})
"""A page that is not there, whoever asks for it and however."""

Proof = Literal["original", "host", "page"]


@dataclass(frozen=True, slots=True)
class Misled:
    """A rewritten request that the server turns down with `status`.

    `original`: it answers the same request as the client made it, with `answered`. `host`: it knows other hosts, and
    not the one that was written. `page`: every request is sent to one page, and there is none.
    """

    proof: Proof
    status: int
    answered: int | None = None


def original_attempt(view: BackendView) -> Attempt | None:
    """The request as the client made it; None where no rewrite has changed it, or where it is answered."""
    client = view.client
    if client is None or client.changed_by is None or is_wildcard(client.client_host):
        return None
    if not _turned_down(view.response):
        return None
    way = client.way
    sent = client_request(view.gateway, view.backend, way.host, way.path, way.pattern)
    return None if sent == view.request else sent.to(view.server)


def misled(view: BackendView) -> Misled | None:
    """How a rewrite makes the request fail; None if it does not fail, or would do so without it as well."""
    client, response = view.client, view.response
    if (
        client is None
        or client.changed_by is None
        or response is None
        or not _turned_down(response)
    ):
        return None
    made, status = client.rewritten, response.status
    original = original_attempt(view)
    then = view.case.response(original) if original is not None else None
    if then is not None and then.status < 400:
        return Misled("original", status, then.status)
    if made is None:
        return None
    written = made.host not in (None, client.client_host) and view.request.host == made.host
    if written and answer_outcome(view).word == "unknown_host":
        return Misled("host", status)
    return Misled("page", status) if made.fixed_path and status in _GONE else None


def _turned_down(response: Response | None) -> bool:
    if response is None or wants_tls(response):
        return False
    return response.status in NOT_KNOWN or response.status >= 500
