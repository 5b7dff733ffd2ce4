"""The answers to a press of a button."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.changes.change import Change, Person


@dataclass(frozen=True, slots=True)
class Granted:
    """The press counted: the change is now in the state that was asked for."""

    change: Change


@dataclass(frozen=True, slots=True)
class Refused:
    """The press did not count. `reason` is one sentence; `by` and `at` say who decided before, if somebody did."""

    reason: str
    change: Change | None = None
    by: Person | None = None
    at: datetime | None = None


Decision = Granted | Refused
