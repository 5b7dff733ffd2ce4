"""Deliveries that were already seen: each is dealt with once, by one replica, however often it arrives."""

from datetime import datetime, timedelta

from bot.store.values import column, moment
from bot.store.work import Work, count

SEEN_FOR = timedelta(hours=24)
"""How long a delivery is remembered: Slack repeats it within minutes, and hourly for a day with Delayed Events
(docs.slack.dev/apis/events-api)."""

_SEE = """
    INSERT INTO seen (key, at) VALUES (:key, :at)
    ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE seen.at < :before
"""


def first_time(key: str, now: datetime) -> Work[bool]:
    """Remember it for a day; False if it was already seen."""
    before = moment(now - SEEN_FOR)
    seen = yield from count(_SEE, key=column(key), at=moment(now), before=before)
    return seen == 1
