"""The database's clock, which all replicas share."""

from datetime import UTC, datetime

from bot.store.work import Work, rows

_NOW = "SELECT {now}"


def now() -> Work[datetime]:
    """What time it is there."""
    ((seconds,),) = yield from rows(_NOW)
    return datetime.fromtimestamp(seconds, UTC)
