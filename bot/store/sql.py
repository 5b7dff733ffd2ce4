"""All SQL: the tables, their migrations, and the statements.

A table holds a value's JSON, and besides it only the columns needed for searching and constraints. Gateways are
resource ids in lower case. Times are UTC texts of equal length, so that they sort chronologically.
"""

from bot.core.changes.change import ACTIVE

_ONE = (
    """
    CREATE TABLE changes (
        seq     INTEGER PRIMARY KEY,
        id      TEXT NOT NULL UNIQUE,
        gateway TEXT NOT NULL,
        state   TEXT NOT NULL,
        created TEXT NOT NULL,
        body    TEXT NOT NULL
    )
    """,
    # The final guarantee of "never two changes to one gateway at once", whatever the code does.
    """
    CREATE UNIQUE INDEX one_active_change ON changes (gateway)
    WHERE state IN ('approved', 'writing', 'written', 'verifying')
    """,
    "CREATE INDEX changes_of_gateway ON changes (gateway, created)",
    """
    CREATE TABLE incidents (
        seq     INTEGER PRIMARY KEY,
        id      TEXT NOT NULL UNIQUE,
        gateway TEXT NOT NULL,
        created TEXT NOT NULL,
        body    TEXT NOT NULL
    )
    """,
    "CREATE INDEX incidents_of_gateway ON incidents (gateway, created)",
    "CREATE TABLE seen (key TEXT NOT NULL PRIMARY KEY, at TEXT NOT NULL)",
    "CREATE INDEX seen_by_age ON seen (at)",
    """
    CREATE TABLE audit (
        seq     INTEGER PRIMARY KEY AUTOINCREMENT,
        at      TEXT NOT NULL,
        gateway TEXT NOT NULL,
        name    TEXT NOT NULL,
        body    TEXT NOT NULL
    )
    """,
    """
    CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
    """,
    """
    CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
    """,
    # INSERT OR REPLACE removes the old row without a DELETE trigger (sqlite.org/lang_conflict.html).
    """
    CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_ONE,)
"""Statements by schema number, from 1. Never edit them: existing files have already been migrated by them."""

ADD_CHANGE = """
    INSERT INTO changes (id, gateway, state, created, body)
    VALUES (:id, :gateway, :state, :created, :body)
"""
CHANGE = "SELECT state, body FROM changes WHERE id = :id"
CHANGES = "SELECT state, body FROM changes ORDER BY created DESC, seq DESC"
CHANGES_OF_GATEWAY = """
    SELECT state, body FROM changes WHERE gateway = :gateway ORDER BY created DESC, seq DESC
"""
ACTIVE_CHANGES = f"""
    SELECT state, body FROM changes WHERE state IN ({", ".join(f"'{it}'" for it in sorted(ACTIVE))})
    ORDER BY created, seq
"""
MOVE_CHANGE = "UPDATE changes SET state = :after, body = :body WHERE id = :id"
NOTE_CHANGE = "UPDATE changes SET body = :body WHERE id = :id"

SAVE_INCIDENT = """
    INSERT INTO incidents (id, gateway, created, body) VALUES (:id, :gateway, :created, :body)
    ON CONFLICT (id) DO UPDATE
    SET gateway = excluded.gateway, created = excluded.created, body = excluded.body
"""
INCIDENT = "SELECT body FROM incidents WHERE id = :id"
RECENT_INCIDENTS = """
    SELECT body FROM incidents WHERE gateway = :gateway AND created >= :since
    ORDER BY created DESC, seq DESC
"""

FORGET_SEEN = "DELETE FROM seen WHERE at < :before"
SEE = "INSERT INTO seen (key, at) VALUES (:key, :at) ON CONFLICT (key) DO NOTHING"

ADD_AUDIT = """
    INSERT INTO audit (at, gateway, name, body) VALUES (:at, :gateway, :name, :body)
"""
AUDIT = """
    SELECT body FROM audit
    WHERE (:gateway IS NULL OR :gateway IN (gateway, name)) AND (:since IS NULL OR at >= :since)
    ORDER BY at, seq
"""
