"""Incidents: cards, with the newest report of each."""

from collections.abc import Callable
from datetime import datetime

from bot.core.report.incident import Incident
from bot.store.values import column, from_text, moment, to_text
from bot.store.work import Work, count, rows

_ADD = """
    INSERT INTO incidents (id, gateway, created, body) VALUES (:id, :gateway, :created, :body)
"""
_SET = "UPDATE incidents SET body = :body WHERE id = :id"
_FIND = "SELECT body FROM incidents WHERE id = :id"
_HOLD = f"{_FIND} {{for_update}}"
_RECENT_OF_ALL = """
    SELECT body FROM incidents WHERE created >= :since ORDER BY created DESC, seq DESC LIMIT :limit
"""
_RECENT = """
    SELECT body FROM incidents WHERE gateway = :gateway AND created >= :since
    ORDER BY created DESC, seq DESC LIMIT :limit
"""


def add(incident: Incident) -> Work[Incident]:
    """Insert one."""
    yield from count(
        _ADD,
        id=column(incident.id),
        gateway=column(incident.gateway_id.lower()),
        created=moment(incident.created),
        body=to_text(incident),
    )
    return incident


def alter(
    incident_id: str, altered: Callable[[Incident], Incident | None]
) -> Work[Incident | None]:
    """Make of one what it is to be, as it is stored now; None if it is gone, or nothing is to be stored."""
    stored = yield from _found(_HOLD, incident_id)
    made = altered(stored) if stored is not None else None
    if made is not None:
        yield from count(_SET, id=column(incident_id), body=to_text(made))
    return made


def find(incident_id: str) -> Work[Incident | None]:
    """One by its id."""
    return (yield from _found(_FIND, incident_id))


def _found(text: str, incident_id: str) -> Work[Incident | None]:
    found = yield from rows(text, id=column(incident_id))
    return from_text(found[0][0], Incident) if found else None


def recent(gateway_id: str | None, since: datetime, limit: int) -> Work[tuple[Incident, ...]]:
    """The newest of one gateway, or of all, since then; each has a whole report, so nobody wants many."""
    if gateway_id is None:
        found = yield from rows(_RECENT_OF_ALL, since=moment(since), limit=limit)
    else:
        gateway = column(gateway_id.lower())
        found = yield from rows(_RECENT, gateway=gateway, since=moment(since), limit=limit)
    return tuple(from_text(body, Incident) for (body,) in found)
