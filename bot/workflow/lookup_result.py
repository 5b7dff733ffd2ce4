"""The results of looking a gateway up; each carries what was said, as it was understood."""

from dataclasses import dataclass

from bot.core.routing.target import Target


@dataclass(frozen=True, slots=True)
class Candidate:
    """A gateway that a person may mean; `state` as Azure listed it, such as `Running`."""

    id: str
    name: str
    resource_group: str
    subscription: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Exactly one gateway matches; `host` is set if a listener's host name was the match."""

    target: Target
    candidate: Candidate
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """More than one gateway matches."""

    target: Target
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """No gateway matches; `nearest` are similar names, `gaps` say what could not be searched."""

    target: Target
    nearest: tuple[str, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All gateways that are visible; `gaps` say what could not be searched."""

    candidates: tuple[Candidate, ...]
    gaps: tuple[str, ...]


Named = Found | Ambiguous | NotFound
