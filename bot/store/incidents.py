"""Incidents: cards, with the newest report of each."""

from datetime import datetime

from bot.core.report.incident import Incident
from bot.store.values import column, from_text, moment, to_text
from bot.store.work import Work, count, rows

_SAVE = """
    INSERT INTO incidents (id, gateway, created, body) VALUES (:id, :gateway, :created, :body)
    ON CONFLICT (id) DO UPDATE
    SET gateway = excluded.gateway, created = excluded.created, body = excluded.body
"""
_FIND = "SELECT body FROM incidents WHERE id = :id"
_RECENT_OF_ALL = """
    SELECT body FROM incidents WHERE created >= :since ORDER BY created DESC, seq DESC LIMIT :limit
"""
_RECENT = """
    SELECT body FROM incidents WHERE gateway = :gateway AND created >= :since
    ORDER BY created DESC, seq DESC LIMIT :limit
"""


def save(incident: Incident) -> Work[Incident]:
    """Insert or replace."""
    yield from count(
        _SAVE,
        id=column(incident.id),
        gateway=column(incident.gateway_id.lower()),
        created=moment(incident.created),
        body=to_text(incident),
    )
    return incident


def find(incident_id: str) -> Work[Incident | None]:
    """One by its id."""
    found = yield from rows(_FIND, id=column(incident_id))
    return from_text(found[0][0], Incident) if found else None


def recent(gateway_id: str | None, since: datetime, limit: int) -> Work[tuple[Incident, ...]]:
    """The newest of one gateway, or of all, since then; each has a whole report, so nobody wants many."""
    if gateway_id is None:
        found = yield from rows(_RECENT_OF_ALL, since=moment(since), limit=limit)
    else:
        gateway = column(gateway_id.lower())
        found = yield from rows(_RECENT, gateway=gateway, since=moment(since), limit=limit)
    return tuple(from_text(body, Incident) for (body,) in found)
