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


Command = Help | Version | Diagnose | Status | History | Usage
