"""Checks of one kind of fault, which are asked only about the requests that have a fault of it.

Many rules share one question, such as why the gateway does not accept a chain, and each takes one kind of its answers.
Of 1,200 servers that question is asked once, and a rule looks at those alone that are of its kind.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.core.case.case import Case
from bot.core.case.finding import Match, Undecided
from bot.core.case.likeness import Kinded, kinds
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once


class HasKind(Protocol):
    """A fault of exactly one kind, which is told without the server's address."""

    @property
    def kind(self) -> str:
        """Which rule it belongs to."""


F = TypeVar("F", bound=HasKind)


@dataclass(frozen=True, slots=True)
class OfKind(Generic[F]):
    """A check of one request: what `say` makes of what `find` finds, if that is such a `fault` of this kind."""

    find: Callable[[BackendView], object]
    fault: type[F]
    kind: str
    say: Callable[[BackendView, F], Iterable[Match | Undecided]]

    def __call__(self, view: BackendView) -> Iterator[Match | Undecided]:
        """Nothing where the fault is of another kind, or there is none."""
        found = self.find(view)
        if isinstance(found, self.fault) and found.kind == self.kind:
            yield from self.say(view, found)


Looks = Callable[[BackendView], tuple[BackendView, ...]]
"""All the requests that a check looks at for one backend, by the view of its health probe."""


def probe_alone(probe: BackendView) -> tuple[BackendView, ...]:
    """A check that looks at the health probe, and at no request of clients."""
    return (probe,)


def worth_asking(case: Case, check: object, looks: Looks) -> tuple[Kinded, ...]:
    """The backends of which the check may say something; all of them, unless it is a check of one kind of fault."""
    if not isinstance(check, OfKind):
        return kinds(case)
    return _by_kind(case, check.find, check.fault, looks).get(check.kind, ())


@asked_once
def _by_kind(
    case: Case, find: Callable[[BackendView], object], fault: type[HasKind], looks: Looks
) -> dict[str, tuple[Kinded, ...]]:
    found: dict[str, list[Kinded]] = {}
    known: dict[int, frozenset[str]] = {}
    for view, alike in kinds(case):
        here = known.get(alike) if alike is not None else None
        if here is None:
            every = (find(it) for it in looks(view))
            here = frozenset(it.kind for it in every if isinstance(it, fault))
            if alike is not None:
                known[alike] = here
        for kind in here:
            found.setdefault(kind, []).append((view, alike))
    return {kind: tuple(there) for kind, there in found.items()}
