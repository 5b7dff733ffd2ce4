"""Answers that are worked out once for a frozen value, because many rules ask the same of it.

Whoever asks gets the same answer as without: it depends on the value alone, and lives as long as that does.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class Remembering(Protocol):
    """A frozen value with a place for answers, which is no part of what it is."""

    @property
    def known(self) -> dict[object, Any]:
        """The answers so far, by the question."""


S = TypeVar("S", bound=Remembering)
T = TypeVar("T")
P = ParamSpec("P")


def asked_once(ask: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """The same question, answered once for each value; whatever else it takes is hashable."""

    def answer_of(of: S, /, *more: P.args, **named: P.kwargs) -> T:
        known = of.known
        question = (ask, *more, *named.items()) if more or named else ask
        if question not in known:
            known[question] = ask(of, *more, **named)
        answer: T = known[question]
        return answer

    update_wrapper(answer_of, ask)
    return answer_of
