"""Another host name for which a server has the page that it does not give to clients: then their host is why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.analysis.bare_path import bare_attempt
from bot.core.analysis.client_requests import under_probes_host
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.observation import Attempt
from bot.core.routing.gateway_request import DEFAULT_PROBE_HOST

_WHATEVER_THE_HOST = frozenset({401, 407, 429})
"""Whoever signs in, or waits, gets further: such an answer says nothing of the host that was asked for."""


@dataclass(frozen=True, slots=True)
class KnownHost:
    """The request that is `turned_down` with a `status`, and the same for another host, which is `answered`."""

    turned_down: Attempt
    status: int
    answered: Attempt


def host_may_be_why(status: int) -> bool:
    """Whether a server that does not know a host, or does not serve it to anybody, may answer so."""
    return status >= 400 and status not in _WHATEVER_THE_HOST


def stands_for_no_name(view: BackendView) -> bool:
    """Whether nobody knows a name that clients ask for, so that one stands for it for which no client asks."""
    return view.client is not None and view.client.client_host == DEFAULT_PROBE_HOST


def known_host(view: BackendView) -> KnownHost | None:
    """The same page under another host; None if none is known.

    Where HTTP settings override the path as well, both may be wrong: then the page is compared without the override.
    """
    if stands_for_no_name(view):
        return None
    bare = bare_attempt(view)
    pairs = (_compared(view, it) for it in (view.attempt, bare) if it is not None)
    return next(filter(None, pairs), None)


def known_host_attempts(view: BackendView) -> Iterator[Attempt]:
    """What to ask for where a client is turned down, and its host may be why: the same for the probe's host."""
    given = view.response
    if given is not None and 400 <= given.status < 500 and host_may_be_why(given.status):
        bare = bare_attempt(view)
        yield from (under_probes_host(view, it) for it in (view.attempt, bare) if it is not None)


def _tells(view: BackendView, status: int, host: str) -> bool:
    """Whether an answer for that host says anything of a request that got this status.

    403 and the like may be what the application says to whoever has no session. That a server has a start page of its
    own under any other name is no sign against that; but the probe's name was meant to be served like the site.
    """
    unknown = status in NOT_KNOWN or status >= 500
    return unknown or (host == view.probe_request.host and not is_ip(host))


def _compared(view: BackendView, attempt: Attempt) -> KnownHost | None:
    given = view.case.response(attempt)
    if given is None or not host_may_be_why(given.status):
        return None
    own = attempt.host.lower()
    found = (
        replace(attempt, host=host)
        for host, answer in view.case.answers(attempt)
        if host.lower() != own and answer.status < 400 and _tells(view, given.status, host)
    )
    answered = next(found, None)
    return KnownHost(attempt, given.status, answered) if answered is not None else None
