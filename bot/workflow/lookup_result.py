"""The answers to "which gateway do you mean?"."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One gateway a person may mean."""

    id: str
    name: str
    resource_group: str
    subscription: str


@dataclass(frozen=True, slots=True)
class Found:
    """Exactly one gateway; `host` is set if it was found by the host name of one of its listeners."""

    candidate: Candidate
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """More than one gateway answers to what was said."""

    said: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """None does; `nearest` are names that look alike, `gaps` say what could not be searched."""

    said: str
    nearest: tuple[str, ...]
    gaps: tuple[str, ...]


Named = Found | Ambiguous | NotFound
