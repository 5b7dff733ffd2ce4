"""Another host name for which a server has the page that it does not give to clients: then their host is why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.analysis.bare_path import bare_attempt
from bot.core.analysis.client_requests import under_probes_host
from bot.core.case.view import BackendView
from bot.core.model.observation import Attempt

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


def known_host(view: BackendView) -> KnownHost | None:
    """The same page under another host; None if none is known.

    Where HTTP settings override the path as well, both may be wrong: then the page is compared without the override.
    """
    bare = bare_attempt(view)
    pairs = (_compared(view, it) for it in (view.attempt, bare) if it is not None)
    return next(filter(None, pairs), None)


def known_host_attempts(view: BackendView) -> Iterator[Attempt]:
    """What to ask for where a client is turned down, and its host may be why: the same for the probe's host."""
    given = view.response
    if given is not None and 400 <= given.status < 500 and host_may_be_why(given.status):
        bare = bare_attempt(view)
        yield from (under_probes_host(view, it) for it in (view.attempt, bare) if it is not None)


def _compared(view: BackendView, attempt: Attempt) -> KnownHost | None:
    given = view.case.response(attempt)
    if given is None or not host_may_be_why(given.status):
        return None
    own = attempt.host.lower()
    found = (
        replace(attempt, host=host)
        for host, answer in view.case.answers(attempt)
        if host.lower() != own and answer.status < 400
    )
    answered = next(found, None)
    return KnownHost(attempt, given.status, answered) if answered is not None else None
