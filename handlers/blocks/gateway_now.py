"""What is known of each gateway, for the list, the picker and the Home tab."""

from dataclasses import dataclass

from bot.core.changes.change import Change
from bot.core.report.incident import Incident
from bot.workflow.lookup_result import Candidate

RUNNING = "Running"


@dataclass(frozen=True, slots=True)
class GatewayNow:
    """One gateway: its newest diagnosis within a day, and its changes that wait for approval or are under way."""

    gateway: Candidate
    newest: Incident | None
    changes: tuple[Change, ...]

    @property
    def is_open(self) -> bool:
        """Whether there is something to look after."""
        report = self.newest.report if self.newest is not None else None
        return bool(self.changes) or (report is not None and report.verdict == "fault")


@dataclass(frozen=True, slots=True)
class Overview:
    """Every gateway asked for: first those with something to look after, then those that do not run.

    `part` is what their names were searched for, and `gaps` say what could not be searched.
    """

    part: str
    gateways: tuple[GatewayNow, ...]
    gaps: tuple[str, ...]
