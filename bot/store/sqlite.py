"""The store in an SQLite file."""

import sqlite3
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change, ChangeState, may_move
from bot.core.report.incident import Incident
from bot.store import sql
from bot.store.database import Database
from bot.store.location import database_file
from bot.store.values import change_from_text, change_to_text, from_text, moment, to_text

LOCK_TIMEOUT = 5.0
"""Seconds to wait for another process that is writing. Our own writes take milliseconds."""

SEEN_FOR = timedelta(hours=24)
"""How long a delivery is remembered: Slack repeats it within minutes, and hourly for a day with Delayed Events
(docs.slack.dev/apis/events-api)."""

_SET_ON_MOVE = frozenset(it.name for it in fields_of(Change)) - {"id", "plan", "state", "created"}
_SET_BY_NOTE = frozenset({"card", "outcome", "after_etag", "undone_by"})


class SqliteStore:
    """What survives a restart. Every method is atomic: either all of it is on disk or none of it.

    Any method may raise `Problem`; the codes are in `bot.store.problems` and `database_file`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    async def open(cls, url: str, lock_timeout: float = LOCK_TIMEOUT) -> Self:
        """Open the file that AGW_DATABASE_URL names; create it and its directory if necessary.

        `lock_timeout`: seconds to wait for another process's lock.
        """
        return cls(await Database.open(database_file(url), lock_timeout))

    async def close(self) -> None:
        """Close the file."""
        await self._database.close()

    async def first_time(self, key: str, now: datetime) -> bool:
        """Remember a delivery for a day; False if it was already seen."""
        before, at = moment(now - SEEN_FOR), moment(now)

        def work(db: sqlite3.Connection) -> bool:
            db.execute(sql.FORGET_SEEN, {"before": before})
            return db.execute(sql.SEE, {"key": key, "at": at}).rowcount == 1

        return await self._database.write(work)

    async def save_incident(self, incident: Incident) -> None:
        """Insert or replace."""
        row = {
            "id": incident.id,
            "gateway": incident.gateway_id.lower(),
            "created": moment(incident.created),
            "body": to_text(incident),
        }
        await self._database.write(lambda db: db.execute(sql.SAVE_INCIDENT, row))

    async def incident(self, incident_id: str) -> Incident | None:
        """One incident by id."""
        rows = await self._rows(sql.INCIDENT, id=incident_id)
        return from_text(rows[0][0], Incident) if rows else None

    async def recent_incidents(self, gateway_id: str, since: datetime) -> tuple[Incident, ...]:
        """The incidents of one gateway since a point in time, newest first."""
        wanted = {"gateway": gateway_id.lower(), "since": moment(since)}
        rows = await self._rows(sql.RECENT_INCIDENTS, **wanted)
        return tuple(from_text(body, Incident) for (body,) in rows)

    async def add_change(self, change: Change) -> None:
        """Insert a new change.

        Raises:
            ValueError: it is not in the state `offered`; only `advance` moves a change.
        """
        if change.state != "offered":
            raise ValueError(f"a new change is offered, not {change.state}")
        row = {
            "id": change.id,
            "gateway": change.plan.gateway_id.lower(),
            "state": change.state,
            "created": moment(change.created),
            "body": change_to_text(change),
        }
        await self._database.write(lambda db: db.execute(sql.ADD_CHANGE, row))

    async def change(self, change_id: str) -> Change | None:
        """One change by id."""
        return await self._database.read(lambda db: _find(db, change_id))

    async def changes(self, gateway_id: str | None = None) -> tuple[Change, ...]:
        """All changes, or those of one gateway; newest first."""
        if gateway_id is None:
            rows = await self._rows(sql.CHANGES)
        else:
            rows = await self._rows(sql.CHANGES_OF_GATEWAY, gateway=gateway_id.lower())
        return tuple(change_from_text(state, body) for state, body in rows)

    async def active_changes(self) -> tuple[Change, ...]:
        """The changes to resume after a restart, oldest first."""
        rows = await self._rows(sql.ACTIVE_CHANGES)
        return tuple(change_from_text(state, body) for state, body in rows)

    async def advance(
        self, change_id: str, before: ChangeState, after: ChangeState, /, **fields: Any
    ) -> Change | None:
        """Move from one state to the next and set fields, atomically (compare-and-set).

        The states are positional only, because a change also has a field `before`.

        None if the change is not (or no longer) in `before`, or if its gateway has another active change. The
        returned change is read back from the database.

        Raises:
            ValueError: the table in `bot.core.changes.change` does not allow the step.
            TypeError: there is no such field, or it may not be set.
        """
        if not may_move(before, after):
            raise ValueError(f"a change does not move from {before} to {after}")
        _only(fields, _SET_ON_MOVE)

        def work(db: sqlite3.Connection) -> Change | None:
            change = _find(db, change_id)
            if change is None or change.state != before:
                return None
            body = change_to_text(replace(change, **fields))
            row = {"id": change_id, "after": after, "body": body}
            try:
                db.execute(sql.MOVE_CHANGE, row)
            except sqlite3.IntegrityError:  # one_active_change
                return None
            return change_from_text(after, body)

        return await self._database.write(work)

    async def note(self, change_id: str, **fields: Any) -> Change:
        """Set fields other than the state: card, outcome, after_etag, undone_by.

        Raises:
            LookupError: there is no such change.
            TypeError: there is no such field, or it may not be set.
        """
        _only(fields, _SET_BY_NOTE)

        def work(db: sqlite3.Connection) -> Change:
            change = _find(db, change_id)
            if change is None:
                raise LookupError(f"no change {change_id}")
            body = change_to_text(replace(change, **fields))
            db.execute(sql.NOTE_CHANGE, {"id": change_id, "body": body})
            return change_from_text(change.state, body)

        return await self._database.write(work)

    async def audit(self, entry: AuditEntry) -> None:
        """Append one line; the database itself then refuses to change or delete it."""
        gateway = entry.gateway_id.lower()
        row = {
            "at": moment(entry.at),
            "gateway": gateway,
            "name": gateway.rpartition("/")[2],
            "body": to_text(entry),
        }
        await self._database.write(lambda db: db.execute(sql.ADD_AUDIT, row))

    async def audit_log(
        self, gateway: str | None = None, since: datetime | None = None
    ) -> tuple[AuditEntry, ...]:
        """The lines, oldest first; `gateway` is a resource id or a bare name, in any case."""
        wanted = {
            "gateway": gateway.lower() if gateway is not None else None,
            "since": moment(since) if since is not None else None,
        }
        rows = await self._rows(sql.AUDIT, **wanted)
        return tuple(from_text(body, AuditEntry) for (body,) in rows)

    async def _rows(self, statement: str, **wanted: str | None) -> list[Any]:
        return await self._database.read(lambda db: db.execute(statement, wanted).fetchall())


def _find(db: sqlite3.Connection, change_id: str) -> Change | None:
    row = db.execute(sql.CHANGE, {"id": change_id}).fetchone()
    return change_from_text(row[0], row[1]) if row is not None else None


def _only(fields: dict[str, Any], allowed: frozenset[str]) -> None:
    wrong = sorted(fields.keys() - allowed)
    if wrong:
        raise TypeError(f"may not be set here: {', '.join(wrong)}")
