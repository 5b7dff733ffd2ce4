"""The path that a client asked for, as it would reach the server without the override of the HTTP settings."""

from dataclasses import replace

from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.view import BackendView
from bot.core.model.observation import Attempt


def bare_attempt(view: BackendView) -> Attempt | None:
    """The same request without the override; None where there is none, or its path is known to the server."""
    client = view.client
    if client is None or not view.settings.path or view.request.path == client.path:
        return None
    known = view.response is None or view.response.status not in NOT_KNOWN
    return None if known else replace(view.attempt, path=client.path)


def bare_status(view: BackendView) -> int | None:
    """What the server answers without the override, if it does know that path."""
    bare = bare_attempt(view)
    response = view.case.response(bare) if bare else None
    return response.status if response is not None and response.status < 400 else None
