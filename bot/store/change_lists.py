"""Lists of changes, found by gateway, card, state and end; without the documents, which are large."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.changes.change import Change
from bot.store.change_states import OPEN, UNDER_WAY, UNDOABLE
from bot.store.values import change_from_text, column, moment
from bot.store.work import Row, Value, Work, rows

_ALL = 2**62
"""More than any table holds: a list without a limit."""

_NEWEST = "ORDER BY created DESC, seq DESC LIMIT :limit"
_OLDEST = "ORDER BY created, seq LIMIT :limit"
_EVERY = f"SELECT state, body FROM changes {_NEWEST}"
_OF_GATEWAY = f"SELECT state, body FROM changes WHERE gateway = :gateway {_NEWEST}"
# Only so far: all of them would be read one by one.
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM changes LIMIT :most) AS counted"
_COUNT_OF_GATEWAY = """
    SELECT count(*) FROM (SELECT 1 FROM changes WHERE gateway = :gateway LIMIT :most) AS counted
"""
_EVERY_OPEN = f"SELECT state, body FROM changes WHERE state IN ({OPEN}) {_NEWEST}"
# What is open first, which is little: a gateway's own changes are all that it ever had.
_OPEN_OF_GATEWAY = f"""
    WITH open AS MATERIALIZED (SELECT * FROM changes WHERE state IN ({OPEN}))
    SELECT state, body FROM open WHERE gateway = :gateway {_NEWEST}
"""
_OF_CARD = f"SELECT state, body FROM changes WHERE incident = :incident {_OLDEST}"
_EXPIRED = """
    SELECT state, body FROM changes WHERE state = 'offered' AND expires < :now
    ORDER BY expires LIMIT :limit
"""
_BEFORE_OFFERS = f"""
    SELECT state, body FROM changes
    WHERE state IN ({UNDOABLE}) AND created >= :since
        AND gateway IN (SELECT gateway FROM changes WHERE state = 'offered' AND expires >= :since)
    {_OLDEST}
"""
_UNDER_WAY = f"SELECT state, body FROM changes WHERE state IN ({UNDER_WAY}) {_OLDEST}"
_FREE = f"""
    SELECT state, body FROM changes
    WHERE state IN ({UNDER_WAY}) AND NOT EXISTS (
        SELECT 1 FROM leases WHERE leases.key = 'change:' || changes.id AND leases.ends >= {{now}}
    )
    {_OLDEST}
"""


def newest(gateway_id: str | None, limit: int | None) -> Work[tuple[Change, ...]]:
    """All, or those of one gateway; newest first."""
    return (yield from _listed(_EVERY, _OF_GATEWAY, gateway_id, limit))


def open_ones(gateway_id: str | None, limit: int | None) -> Work[tuple[Change, ...]]:
    """The same, if offered or under way."""
    return (yield from _listed(_EVERY_OPEN, _OPEN_OF_GATEWAY, gateway_id, limit))


def number(gateway_id: str | None, most: int) -> Work[int]:
    """How many there are, counted up to `most`."""
    if gateway_id is None:
        ((found,),) = yield from rows(_COUNT, most=most)
    else:
        gateway = column(gateway_id.lower())
        ((found,),) = yield from rows(_COUNT_OF_GATEWAY, gateway=gateway, most=most)
    return int(found)


def of_card(incident_id: str) -> Work[tuple[Change, ...]]:
    """Those of one card, oldest first."""
    return (yield from _changes(_OF_CARD, incident=column(incident_id), limit=_ALL))


def expired(now: datetime, limit: int) -> Work[tuple[Change, ...]]:
    """Offers past their end."""
    return (yield from _changes(_EXPIRED, now=moment(now), limit=limit))


def before_offers(since: datetime) -> Work[tuple[Change, ...]]:
    """Those whose gateway may hold them and has offers as well, oldest first."""
    return (yield from _changes(_BEFORE_OFFERS, since=moment(since), limit=_ALL))


def under_way() -> Work[tuple[Change, ...]]:
    """Those in an active state, oldest first."""
    return (yield from _changes(_UNDER_WAY, limit=_ALL))


def free(limit: int) -> Work[tuple[Change, ...]]:
    """Those of them that nobody works on."""
    return (yield from _changes(_FREE, limit=limit))


def _listed(
    every: str, of_gateway: str, gateway_id: str | None, limit: int | None
) -> Work[tuple[Change, ...]]:
    most = _ALL if limit is None else limit
    if gateway_id is None:
        return (yield from _changes(every, limit=most))
    return (yield from _changes(of_gateway, gateway=column(gateway_id.lower()), limit=most))


def _changes(text: str, **values: Value) -> Work[tuple[Change, ...]]:
    found: Sequence[Row] = yield from rows(text, **values)
    return tuple(replace(change_from_text(state, body), before=None) for state, body in found)
