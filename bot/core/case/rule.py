"""What a rule is: one symptom, what it means, what to do, where that is written, and the check.

A rule sees a frozen `Case` and says only what it saw; the runner (`bot.core.case.diagnosis`) adds the rest.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.core.case.case import Case
from bot.core.case.finding import Match, Severity, Undecided
from bot.core.case.guide import Guide
from bot.core.case.likeness import heard
from bot.core.case.one_kind import probe_alone, worth_asking
from bot.core.case.view import BackendView

Said = Match | Undecided
Check = Callable[[Case], Iterable[Said]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One symptom. `id` is the file's name; `sources` are public https addresses, at least one.

    A rule of `last_resort` is heard only on backends in which no rule before it found an error. `explains` are ids of
    rules for what its cause looks like at first: where it speaks of a backend, they need not. Every error has a
    `guide`: the steps by hand; a warning may have one, for a gateway that has no fault.
    """

    id: str
    severity: Severity
    symptom: str
    cause: str
    remedy: str
    sources: tuple[str, ...]
    check: Check
    last_resort: bool = False
    explains: tuple[str, ...] = ()
    guide: Guide | None = None


def each_backend(check: Callable[[BackendView], Iterable[Said]]) -> Check:
    """A check of one backend, made to look at all of them."""

    def over_all(case: Case) -> Iterator[Said]:
        yield from heard(worth_asking(case, check, probe_alone), check)

    return over_all
