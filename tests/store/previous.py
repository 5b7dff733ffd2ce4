"""The store of the version before, as far as a database sees it: its tables and its statements, frozen.

Its replicas may run while a new one migrates the file that they share.
"""

import json
import sqlite3
from pathlib import Path

from bot.core.changes.change import Change, ChangeState
from bot.store.values import change_to_text, moment
from tests.core.make import NOW

_TABLES = """
    CREATE TABLE changes (
        seq     INTEGER PRIMARY KEY,
        id      TEXT NOT NULL UNIQUE,
        gateway TEXT NOT NULL,
        state   TEXT NOT NULL,
        created TEXT NOT NULL,
        body    TEXT NOT NULL
    );
    CREATE UNIQUE INDEX one_active_change ON changes (gateway)
    WHERE state IN ('approved', 'writing', 'written', 'verifying');
    CREATE INDEX changes_of_gateway ON changes (gateway, created);
    CREATE TABLE incidents (
        seq     INTEGER PRIMARY KEY,
        id      TEXT NOT NULL UNIQUE,
        gateway TEXT NOT NULL,
        created TEXT NOT NULL,
        body    TEXT NOT NULL
    );
    CREATE INDEX incidents_of_gateway ON incidents (gateway, created);
    CREATE TABLE seen (key TEXT NOT NULL PRIMARY KEY, at TEXT NOT NULL);
    CREATE INDEX seen_by_age ON seen (at);
    CREATE TABLE audit (
        seq     INTEGER PRIMARY KEY AUTOINCREMENT,
        at      TEXT NOT NULL,
        gateway TEXT NOT NULL,
        name    TEXT NOT NULL,
        body    TEXT NOT NULL
    );
    CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
    CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
    CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
    PRAGMA user_version = 1;
"""
_ADD_CHANGE = """
    INSERT INTO changes (id, gateway, state, created, body)
    VALUES (:id, :gateway, :state, :created, :body)
"""
_CHANGE = "SELECT state, body FROM changes WHERE id = :id"
_MOVE_CHANGE = "UPDATE changes SET state = :after, body = :body WHERE id = :id"
_SEE = "INSERT INTO seen (key, at) VALUES (:key, :at) ON CONFLICT (key) DO NOTHING"
_ADD_AUDIT = "INSERT INTO audit (at, gateway, name, body) VALUES (:at, :gateway, :name, :body)"


class Previous:
    """One of its replicas, which has the file open."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        if self._db.execute("PRAGMA user_version").fetchone() == (0,):
            self._db.executescript(_TABLES)

    def close(self) -> None:
        self._db.close()

    def add(self, change: Change) -> None:
        """An offer, in whichever state it has come to."""
        row = {
            "id": change.id,
            "gateway": change.plan.gateway_id.lower(),
            "state": change.state,
            "created": moment(change.created),
            "body": _body(change),
        }
        self._db.execute(_ADD_CHANGE, row)

    def state(self, change_id: str) -> str:
        """How far a change has come."""
        state, body = self._db.execute(_CHANGE, {"id": change_id}).fetchone()
        assert json.loads(body)["id"] == change_id
        return str(state)

    def move(self, change: Change, after: ChangeState) -> None:
        """Take a step; the body is written anew, with its document."""
        row = {"id": change.id, "after": after, "body": _body(change)}
        self._db.execute(_MOVE_CHANGE, row)

    def see(self, key: str) -> bool:
        """Whether a delivery is new."""
        return self._db.execute(_SEE, {"key": key, "at": moment(NOW)}).rowcount == 1

    def audit(self, name: str, body: str) -> None:
        """One line."""
        row = {"at": moment(NOW), "gateway": f"/g/{name}", "name": name, "body": body}
        self._db.execute(_ADD_AUDIT, row)


def _body(change: Change) -> str:
    return json.dumps(json.loads(change_to_text(change)) | {"before": change.before})
