"""What shows that it is a rewrite rule that makes a client's request fail: the same request as the client made it."""

from dataclasses import dataclass, replace
from typing import Literal

from bot.core.analysis.client_outcome import answer_outcome
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.analysis.tls_error_pages import wants_tls
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.hostname import is_wildcard
from bot.core.model.observation import Attempt, Response
from bot.core.routing.gateway_request import client_request

_GONE = frozenset({404, 410})
"""A page that is not there, whoever asks for it and however."""

ProvenBy = Literal["original", "host", "page"]


@dataclass(frozen=True, slots=True)
class Misled:
    """A rewritten request that the server turns down with `status`.

    `original`: it answers that request as the client made it, with `answered`. `host`: it knows other hosts, and
    not the one that was written. `page`: every request is sent to one page, and there is none.
    """

    proof: ProvenBy
    status: int
    original: Attempt | None = None
    answered: int | None = None


@asked_once
def original_attempts(view: BackendView) -> tuple[Attempt, ...]:
    """The request as the client made it, with and without the path override of the HTTP settings.

    None where no rewrite has changed the request, or where it is answered.
    """
    client = view.client
    if client is None or client.changed_by is None or is_wildcard(client.client_host):
        return ()
    if not _turned_down(view.response):
        return ()
    way = client.way
    sent = client_request(view.gateway, view.backend, way.host, way.path, way.pattern)
    bare = replace(sent, path=way.path)
    return tuple(it.to(view.server) for it in dict.fromkeys((sent, bare)) if it != view.request)


@asked_once
def misled(view: BackendView) -> Misled | None:
    """How a rewrite makes the request fail; None if it does not fail, or would do so without it as well."""
    client, response = view.client, view.response
    made = client.rewritten if client is not None else None
    if client is None or client.changed_by is None or made is None:
        return None
    if response is None or not _turned_down(response):
        return None
    for original in original_attempts(view):
        then = view.case.response(original)
        if then is not None and then.status < 400:
            return Misled("original", response.status, original, then.status)
    written = made.host not in (None, client.client_host) and view.request.host == made.host
    if written and answer_outcome(view).word == "unknown_host":
        return Misled("host", response.status)
    page = made.fixed_path and response.status in _GONE
    return Misled("page", response.status) if page else None


def _turned_down(response: Response | None) -> bool:
    if response is None or wants_tls(response):
        return False
    return response.status in NOT_KNOWN or response.status >= 500
