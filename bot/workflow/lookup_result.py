"""The answers to "which gateway do you mean?"; each carries what was said, as it was understood."""

from dataclasses import dataclass

from bot.core.routing.target import Target


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

    target: Target
    candidate: Candidate
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """More than one gateway answers to what was said."""

    target: Target
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """None does; `nearest` are names that look alike, `gaps` say what could not be searched."""

    target: Target
    nearest: tuple[str, ...]
    gaps: tuple[str, ...]


Named = Found | Ambiguous | NotFound
