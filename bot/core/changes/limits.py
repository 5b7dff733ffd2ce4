"""What an operator has ruled out: gateways that the bot never changes, and times in which it changes none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from bot.core.model.glob import matches_glob

DAY = 24 * 60
"""Minutes."""

MOST_IN_A_ROW = 100
"""Times of which each begins before the one before it ends; weekly ones may go on like that for ever."""

Closed = Literal["never", "not_among"]
"""It is named as never to be changed; it is not among those that may be changed."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """A time that comes back every week, over its end if it ends before it begins.

    `begin` and `end` are minutes since Monday, 0:00, by the clocks of the zone.
    """

    begin: int
    end: int
    zone: tzinfo

    def until(self, now: datetime) -> datetime | None:
        """When it ends, if it is on."""
        local = now.astimezone(self.zone)
        minute = local.weekday() * DAY + local.hour * 60 + local.minute
        over = self.begin > self.end
        inside = (
            minute >= self.begin or minute < self.end if over else self.begin <= minute < self.end
        )
        if not inside:
            return None
        monday = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(
            days=local.weekday()
        )
        weeks = timedelta(weeks=1 if over and minute >= self.begin else 0)
        # Added before the zone is: clocks that change in between are still read as they hang on the wall.
        return (monday + weeks + timedelta(minutes=self.end)).replace(tzinfo=self.zone)


@dataclass(frozen=True, slots=True)
class Once:
    """A time that comes once."""

    begin: datetime
    end: datetime

    def until(self, now: datetime) -> datetime | None:
        """When it ends, if it is on."""
        return self.end if self.begin <= now < self.end else None


@dataclass(frozen=True, slots=True)
class Limits:
    """`only` and `never` are patterns with `*` and `?`: of a name, of GROUP/NAME, or of a whole resource id."""

    freeze: tuple[Weekly | Once, ...] = ()
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def closed(self, gateway_id: str) -> Closed | None:
        """Why the bot never changes this gateway; None if it may."""
        if _matches(gateway_id, self.never):
            return "never"
        return "not_among" if self.only and not _matches(gateway_id, self.only) else None

    def frozen_until(self, now: datetime) -> datetime | None:
        """When the bot may change something again; None if it may now. Times that meet are one."""
        until = None
        for _ in range(MOST_IN_A_ROW):
            end = max(self._ends(until or now), default=None)
            if end is None:
                break
            until = end
        return until

    def _ends(self, now: datetime) -> Iterator[datetime]:
        return (end for it in self.freeze if (end := it.until(now)) is not None)


def _matches(gateway_id: str, patterns: tuple[str, ...]) -> bool:
    whole = gateway_id.lower()
    parts = whole.split("/")
    name, group = parts[-1], parts[4] if len(parts) > 4 else ""
    called = {0: name, 1: f"{group}/{name}"}
    return any(matches_glob(it.lower(), called.get(it.count("/"), whole), "?") for it in patterns)


def frozen_words(until: datetime) -> str:
    """That the bot changes nothing until then, for a person."""
    return f"Changes are frozen until {in_zone(until)} (AGW_FREEZE)."


def in_zone(moment: datetime) -> str:
    """A moment by the clocks of its own zone, for a person."""
    return f"{moment:%a} {moment:%Y-%m-%d %H:%M} {moment.tzname()}"
