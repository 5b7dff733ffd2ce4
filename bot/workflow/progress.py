"""The progress of a piece of work, for whoever watches it: a checklist, updated in place."""

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
"""Called at each step. It must not block or raise: the watcher does its own work elsewhere."""


def nobody(_: Step) -> None:
    """For work that nobody watches."""
