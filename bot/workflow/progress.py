"""How far a piece of work is, for whoever watches it: a checklist, edited in place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

StepState = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the checklist; a later step with the same `key` replaces the earlier one."""

    key: str
    text: str
    state: StepState


Watch = Callable[[Step], None]
"""Called at each step. It must not block and must not raise: whoever watches does the rest elsewhere."""


def nobody(_: Step) -> None:
    """The watch of work that nobody watches."""
