"""How long an answer was waited for in vain: long enough for clients, or only for the time that was left to us."""

from collections.abc import Iterator

from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, NoResponse, Response


def longest_wait(view: BackendView) -> float:
    """Seconds without an answer to a request that got none in time.

    Host and path say which page is meant, and the SNI only which certificate is shown (RFC 6066, section 3). So where
    the same page was waited for longer under another SNI, a second wait that had to be shorter shows no less.
    """
    return max((view.case.seconds(view.attempt), *_other_waits(view)))


def _other_waits(view: BackendView) -> Iterator[float]:
    wanted = view.case.resolve_alias(view.attempt)
    for it in view.case.observations_at(wanted.server, wanted.port):
        asked = it.attempt
        if (asked.host, asked.path, asked.tls) == (wanted.host, wanted.path, wanted.tls):
            match it.outcome:
                case Answered(http=Response() | NoResponse("timeout")):
                    yield it.seconds
