"""AGW_FREEZE: times in which nothing is changed, as text.

FROM..TO, a comma list, each with a zone at its end if it is not UTC. FROM and TO are both a day of the week with a time
(every week), or both a date, with or without a time (once). A date without a time is its beginning, 0:00.
"""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core.changes.limits import DAY, Once, Weekly
from bot.setting_values import Wrong, entries

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKLY = re.compile(r"(?P<day>[A-Za-z]{3}) (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})")
_WINDOW = re.compile(
    r"(?P<begin>.+?)\.\.(?P<end>[^ ]+(?: [0-9]{1,2}:[0-9]{2})?)(?: (?P<zone>[\w/+-]+))?"
)


def freeze(text: str) -> tuple[Weekly | Once, ...]:
    """The times, in their order."""
    return tuple(_window(entry, place) for place, entry in entries(text))


def _window(text: str, place: str) -> Weekly | Once:
    found = _WINDOW.fullmatch(" ".join(text.split()))
    if found is None:
        raise Wrong(f"has something other than FROM..TO in {place}")
    zone = _zone(found["zone"], place)
    begin, end = _minutes(found["begin"]), _minutes(found["end"])
    if begin is not None and end is not None:
        if begin == end:
            raise Wrong(f"begins when it ends in {place}")
        return Weekly(begin, end, zone)
    first, last = _date(found["begin"], zone), _date(found["end"], zone)
    if first is None or last is None:
        raise Wrong(f"has neither two days of the week with times nor two dates in {place}")
    if first >= last:
        raise Wrong(f"ends before it begins in {place}")
    return Once(first, last)


def _minutes(text: str) -> int | None:
    """Since Monday, 0:00."""
    found = _WEEKLY.fullmatch(text)
    if found is None or found["day"].lower() not in _DAYS:
        return None
    hour, minute = int(found["hour"]), int(found["minute"])
    day = _DAYS.index(found["day"].lower())
    return day * DAY + hour * 60 + minute if hour < 24 and minute < 60 else None


def _date(text: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    # An offset is refused like anything else that is not understood: the zone at the end would silently replace it.
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else None


def _zone(name: str | None, place: str) -> tzinfo:
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(f"has an unknown time zone in {place}; a known one is Europe/Berlin") from None
