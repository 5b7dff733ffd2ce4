"""The path that a client asked for, as it would reach the server without the override of the HTTP settings."""

from dataclasses import dataclass, replace

from bot.core.analysis.client_requests import under_probes_host
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.view import BackendView
from bot.core.model.observation import Attempt


@dataclass(frozen=True, slots=True)
class BarePath:
    """A request whose path is not known to the server, and the same without the override, which is answered."""

    overridden: Attempt
    bare: Attempt
    status: int


def bare_attempt(view: BackendView) -> Attempt | None:
    """The same request without the override; None where there is none, or its path is known to the server."""
    client = view.client
    if client is None or not view.settings.path or view.request.path == client.path:
        return None
    known = view.response is None or view.response.status not in NOT_KNOWN
    return None if known else replace(view.attempt, path=client.path)


def known_bare(view: BackendView) -> BarePath | None:
    """The proof that the override is wrong; None if there is none.

    Where the host of clients' requests is wrong too, only the health probe's host shows it: the same comparison is made
    under that one.
    """
    bare = bare_attempt(view)
    if bare is None:
        return None
    pairs = (_compared(view, it) for it in (bare, under_probes_host(view, bare)))
    return next(filter(None, pairs), None)


def _compared(view: BackendView, bare: Attempt) -> BarePath | None:
    overridden = replace(bare, path=view.request.path)
    with_it, without = view.case.response(overridden), view.case.response(bare)
    if with_it is None or without is None or with_it.status not in NOT_KNOWN:
        return None
    return BarePath(overridden, bare, without.status) if without.status < 400 else None
