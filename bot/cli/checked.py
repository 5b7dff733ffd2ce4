"""The result of one check, and its line of text. The first word says it; colour is never the only sign."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.core.model.marked import plain
from bot.core.problem import Problem

Word = Literal["ok", "FIX", "skip"]


@dataclass(frozen=True, slots=True)
class Checked:
    """One line of `agw check`: `said` is what was found, `fix` what to do about it."""

    word: Word
    said: str
    fix: str = ""

    def line(self, what: str) -> str:
        """One line, whatever texts from outside contain."""
        text = plain(f"{self.word:<6}{what:<18}{self.said} {self.fix}".strip())
        return " ".join("".join(it if it.isprintable() else " " for it in text).split("\n"))


Check = tuple[str, Callable[[], Awaitable[Checked]]]
"""The label of a check, and the check itself, which may raise `Problem`."""


def ok(said: str) -> Checked:
    return Checked("ok", said)


def fix(said: str, how: str) -> Checked:
    return Checked("FIX", said, how)


def skip(because: str) -> Checked:
    """Not checked, because it is not wanted or depends on something that must be fixed first."""
    return Checked("skip", because)


async def run_check(look: Callable[[], Awaitable[Checked]]) -> Checked:
    """The check's own result, or why it failed."""
    try:
        return await look()
    except Problem as problem:
        return fix(problem.message, problem.hint)
    except Exception as error:  # the boundary: one check that breaks does not take the others along
        return fix(
            f"The check failed unexpectedly ({type(error).__name__}).", "Please report this."
        )
