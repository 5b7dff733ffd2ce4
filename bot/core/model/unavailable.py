"""What could not be read is a value with its reason, never an exception and never the same as nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unavailable:
    """This part could not be read, and why."""

    reason: str
