"""A lock that forbids changes, whoever asks for them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lock:
    """A read-only lock: its own resource id, its name, and the id of what it was set on."""

    id: str
    name: str
    scope: str
