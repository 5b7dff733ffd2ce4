"""A report that stands in a channel, with the card that shows its diagnosis."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.changes.change import Person
from bot.core.report.report import Report


@dataclass(frozen=True, slots=True)
class Incident:
    """One card: which gateway, where it stands, who asked, and the newest report (None while it is made).

    `ts` is empty as long as Slack has not taken the card. `trouble` says why there is no report and will be none.
    """

    id: str
    gateway_id: str
    gateway_name: str
    channel: str
    ts: str
    asked_by: Person
    asked: str
    created: datetime
    report: Report | None = None
    trouble: str = ""
