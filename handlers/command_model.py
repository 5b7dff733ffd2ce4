"""What a person may want of the bot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be asked."""


@dataclass(frozen=True, slots=True)
class Version:
    """Which version is running."""


@dataclass(frozen=True, slots=True)
class Diagnose:
    """Diagnose a gateway; `again`: even if somebody just did. Not `sure`: it may be no gateway's name at all."""

    target: str
    again: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """What is going on, everywhere or at one gateway."""

    target: str | None


@dataclass(frozen=True, slots=True)
class History:
    """The changes so far, everywhere or at one gateway."""

    target: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """It was not understood; `meant` is the nearest thing that would be."""

    said: str
    meant: str | None


Command = Help | Version | Diagnose | Status | History | Usage
