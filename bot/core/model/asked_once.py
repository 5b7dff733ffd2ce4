"""Answers that are worked out once for a frozen value, because many rules ask the same of it.

Whoever asks gets the same answer as without: it depends on the value alone, and lives as long as that does.
"""

from collections.abc import Callable
from functools import update_wrapper
from inspect import signature
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar


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

    if len(signature(ask).parameters) == 1:
        return update_wrapper(_alone(ask), ask)

    def answer_of(of: S, /, *more: P.args, **named: P.kwargs) -> T:
        question = (ask, more, *named.items()) if named else (ask, more)
        try:
            # Looked up once: the hash of a handshake or of a request takes as long as many an answer.
            answer: T = of.known[question]
        except KeyError:
            answer = of.known[question] = ask(of, *more, **named)
        return answer

    return update_wrapper(answer_of, ask)


def _alone(ask: Callable[..., Any]) -> Callable[..., Any]:
    """For a question that takes nothing else: most do, and they are asked a million times."""

    def answer_of(of: Remembering, /) -> Any:
        try:
            return of.known[ask]
        except KeyError:
            answer = of.known[ask] = ask(of)
            return answer

    return answer_of


class worked_out_once(Generic[T]):
    """`functools.cached_property` without its lock, as of Python 3.12: half a million answers are worked out here."""

    def __init__(self, ask: Callable[[Any], T]) -> None:
        self._ask = ask
        self._name = ask.__name__
        self.__doc__ = ask.__doc__

    def __get__(self, of: Any, _: type | None = None) -> T:
        if of is None:
            return self  # type: ignore[return-value]
        # The next time Python finds it before it comes here.
        answer = of.__dict__[self._name] = self._ask(of)
        return answer
