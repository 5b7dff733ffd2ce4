"""How much of the gateway a diagnosis looked at, so that nothing is called healthy which nobody asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from bot.core.analysis.contradiction import refused_us
from bot.core.analysis.reported_health import reported_health
from bot.core.case.case import Case
from bot.core.case.diagnosis import Verdict
from bot.core.case.view import BackendView, view_of
from bot.core.model.observation import Answered, NotTried, Response
from bot.core.routing.client_request import client_pairs

VerdictWord = Literal[Verdict, "no_fault_seen"]
_SAID: dict[VerdictWord, str] = {
    "fault": "fault found",
    "healthy": "healthy",
    "no_fault_seen": "no fault seen",
    "undecided": "undecided",
}


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Counts of backends, each under its pool and HTTP settings, and of clients' requests.

    `asked` backends are those that we contacted, `answered` those whose answer came to us: one that turned us away and
    not the gateway did not answer. Of the backends that were
    not asked, and of those that did not answer, the gateway itself calls some healthy. `requests` is every request of
    a client to every server that it may go to.
    """

    of: int
    asked: int
    answered: int
    unasked_healthy: int
    silent_healthy: int
    requests: int
    requests_tried: int

    @property
    def unasked(self) -> int:
        """Backends that we did not contact."""
        return self.of - self.asked

    @property
    def silent(self) -> int:
        """Backends that we contacted in vain."""
        return self.asked - self.answered

    @property
    def every_backend(self) -> bool:
        """Whether the answer of each backend came to us."""
        return self.answered == self.of

    @property
    def every_request(self) -> bool:
        """Whether each request of a client was tried at each server."""
        return self.requests_tried == self.requests


def looked_at(case: Case) -> LookedAt:
    """What was looked at of a case."""
    views = {(it.place, it.server): view_of(case, it) for it in case.backends}.values()
    unasked = [it for it in views if isinstance(it.connection, NotTried)]
    silent = [it for it in views if not isinstance(it.connection, NotTried) and not _answered(it)]
    pairs = client_pairs(case.gateway, case.backends, case.asked).values()
    tried = sum(not isinstance(case.outcome(it.attempt), NotTried) for it in case.clients)
    return LookedAt(
        of=len(views),
        asked=len(views) - len(unasked),
        answered=len(views) - len(unasked) - len(silent),
        unasked_healthy=sum(reported_health(it) == "healthy" for it in unasked),
        silent_healthy=sum(reported_health(it) == "healthy" for it in silent),
        requests=sum(len(ways) * len(members) for ways, members in pairs),
        requests_tried=tried,
    )


def healthy_words(looked: LookedAt) -> str:
    """That no fault was found, and on how much of the gateway; for a diagnosis that is neither fault nor undecided."""
    found, rest = _found(looked), tuple(_not_seen(looked))
    if looked.of and looked.unasked_healthy + looked.silent_healthy == looked.of:
        found, rest = f"healthy by the gateway's own report alone; {_none_answered(looked.of)}", ()
    requests = "" if looked.every_request else f", with {_requests(looked)}"
    return f"{'; '.join((found + requests, *rest))}."


def verdict_word(verdict: Verdict, looked: LookedAt | None) -> VerdictWord:
    """What a person is told: a gateway is called healthy only if the answer of each backend came to us."""
    partly = looked is not None and not looked.every_backend
    return "no_fault_seen" if verdict == "healthy" and partly else verdict


def verdict_said(verdict: Verdict, looked: LookedAt | None) -> str:
    """The same in words, as they stand within a sentence."""
    return _SAID[verdict_word(verdict, looked)]


def scope_words(looked: LookedAt | None) -> str:
    """How much was looked at, where that is not everything; empty where it is, or is not known."""
    if looked is None or (looked.every_backend and looked.every_request):
        return ""
    parts = [f"{looked.answered:,} of {_backends(looked.of)} served us", *_not_seen(looked)]
    if not looked.every_request:
        parts.append(_requests(looked))
    return "; ".join(parts)


def looked_at_json(looked: LookedAt) -> dict[str, Any]:
    """Its part of the public document."""
    return {
        "asked": looked.asked,
        "of": looked.of,
        "answered": looked.answered,
        "reported_healthy": {
            "not_asked": looked.unasked_healthy,
            "not_answered": looked.silent_healthy,
        },
        "client_requests": {"tried": looked.requests_tried, "of": looked.requests},
    }


def _answered(view: BackendView) -> bool:
    if reported_health(view) == "healthy" and refused_us(view) is not None:
        return False
    match view.connection:
        case Answered(http=Response()):
            return True
        case Answered():
            return view.probe_request.bare
    return False


def _found(looked: LookedAt) -> str:
    if looked.every_backend:
        return f"healthy; no fault found on {_backends(looked.of)}"
    part = f"{looked.answered:,} of {_backends(looked.of)}"
    return f"healthy as far as asked; no fault found on {part}"


def _none_answered(count: int) -> str:
    return "its backend did not serve us" if count == 1 else f"none of {count:,} backends served us"


def _not_seen(looked: LookedAt) -> Iterator[str]:
    """What is known of the backends that we have no answer of."""
    unasked = looked.unasked - looked.unasked_healthy
    silent = looked.silent - looked.silent_healthy
    if looked.unasked_healthy:
        yield f"the gateway itself reports {looked.unasked_healthy:,} more healthy that we did not ask"
    if unasked:
        yield f"{unasked:,} {_were(unasked)} not asked, and {_are(unasked)} not reported healthy"
    if looked.silent_healthy:
        yield f"the gateway itself reports {looked.silent_healthy:,} more healthy that did not serve us"
    if silent:
        yield f"{silent:,} did not serve us, and {_are(silent)} not reported healthy"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _backends(count: int) -> str:
    return f"{count:,} backend{'s' * (count != 1)}"


def _requests(looked: LookedAt) -> str:
    plural = "s" * (looked.requests != 1)
    return f"{looked.requests_tried:,} of {looked.requests:,} client request{plural} tried"
