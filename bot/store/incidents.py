"""Incidents: cards, with the newest report of each."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Stored:
    """An incident, and the very text of it that is stored."""

    incident: Incident
    text: str


def exchange(stored: Stored, made: Incident) -> Work[Incident | None]:
    """Store it anew, if it is still what was found; None if it is not. Its gateway and the time of it stay."""
    # A report may take a second to read and to write, for which no transaction should last.
    text = to_text(made)
    now = yield from rows(_HOLD, id=column(made.id))
    if not now or now[0][0] != stored.text:
        return None
    yield from count(_SET, id=column(made.id), body=text)
    return made


def as_stored(incident_id: str) -> Work[Stored | None]:
    """One by its id, to be exchanged."""
    found = yield from rows(_FIND, id=column(incident_id))
    return Stored(from_text(found[0][0], Incident), found[0][0]) if found else None


def find(incident_id: str) -> Work[Incident | None]:
    """One by its id."""
    found = yield from as_stored(incident_id)
    return found.incident if found is not None else None


def recent(gateway_id: str | None, since: datetime, limit: int) -> Work[tuple[Incident, ...]]:
    """The newest of one gateway, or of all, since then; each has a whole report, so nobody wants many."""
    if gateway_id is None:
        found = yield from rows(_RECENT_OF_ALL, since=moment(since), limit=limit)
    else:
        gateway = column(gateway_id.lower())
        found = yield from rows(_RECENT, gateway=gateway, since=moment(since), limit=limit)
    return tuple(from_text(body, Incident) for (body,) in found)
