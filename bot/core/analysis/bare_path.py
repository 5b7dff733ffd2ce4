"""The path that a client asked for, as it would reach the server without the override of the HTTP settings."""

from dataclasses import replace

from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, Attempt, Response


def bare_attempt(view: BackendView) -> Attempt | None:
    """The same request without the override; None where there is none, or its path is known to the server."""
    client = view.client
    if client is None or not view.settings.path or view.request.path == client.way.path:
        return None
    match view.outcome:
        case Answered(http=Response(status=status)) if status in NOT_KNOWN:
            return replace(view.attempt, path=client.way.path)
    return None


def bare_status(view: BackendView) -> int | None:
    """What the server answers without the override, if it does know that path."""
    bare = bare_attempt(view)
    match view.case.outcome(bare) if bare else None:
        case Answered(http=Response(status=status)) if status < 400:
            return status
    return None
