"""The possible results of pressing a button."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.changes.change import Change, Person


@dataclass(frozen=True, slots=True)
class Granted:
    """The press counted: the change is now in the requested state."""

    change: Change


@dataclass(frozen=True, slots=True)
class Refused:
    """The press did not count. `reason` is one sentence; `by` and `at` say who already decided and when, if so.

    `others_may`: the same press by another approver would count.
    """

    reason: str
    change: Change | None = None
    by: Person | None = None
    at: datetime | None = None
    others_may: bool = False


Decision = Granted | Refused
