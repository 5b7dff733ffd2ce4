"""How a cause is removed by hand: who does what, where, with which command, and how to see that it is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.case.view import BackendView, view_of
from bot.core.model.marked import mark_command


@dataclass(frozen=True, slots=True)
class Step:
    """`who` does what `text` says, with the `command` if there is one; `checks`: it shows whether it is done."""

    who: str
    text: str
    command: str | None = None
    checks: bool = False

    @property
    def sentence(self) -> str:
        """In one line, the command at its end."""
        said = f"{self.who}: {self.text}"
        return f"{said} {mark_command(self.command)}" if self.command else said


@dataclass(frozen=True, slots=True)
class Guide:
    """What to do about one kind of finding; `title` is the remedy in a few words, as an instruction.

    `cause_known` False: all that is known is that something is wrong, so the steps may not be enough.
    """

    title: str
    steps: Callable[[Case, Match], Iterable[Step]]
    cause_known: bool = True


def of_backend(title: str, steps: Callable[[BackendView], Iterable[Step]]) -> Guide:
    """The guide of a rule that only speaks of backends."""

    def for_match(case: Case, match: Match) -> Iterable[Step]:
        if match.backend is None:
            return ()
        return steps(view_of(case, match.backend, match.client))

    return Guide(title, for_match)
