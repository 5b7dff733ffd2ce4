"""The commands a person can give the bot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Help:
    """Show the commands."""


@dataclass(frozen=True, slots=True)
class Version:
    """Which version is running."""


@dataclass(frozen=True, slots=True)
class Diagnose:
    """Diagnose a gateway. `again`: even if it was just diagnosed. Not `sure`: the name may not be a gateway's."""

    target: str
    again: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Which:
    """Nobody said which gateway: the card's, in whose thread it was said, or else it is asked."""


@dataclass(frozen=True, slots=True)
class List:
    """All gateways, or those with `part` in their names."""

    part: str


@dataclass(frozen=True, slots=True)
class Status:
    """Recent diagnoses and open changes, for all gateways or one."""

    target: str | None


@dataclass(frozen=True, slots=True)
class History:
    """Past changes, for all gateways or one."""

    target: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """Not understood; `meant` is the closest command that would be."""

    said: str
    meant: str | None


Command = Help | Version | Diagnose | Which | List | Status | History | Usage
