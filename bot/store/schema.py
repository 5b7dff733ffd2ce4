"""The tables and how they grow: one source for both kinds of database.

A table holds a value's JSON, and besides it only the columns needed for searching and constraints. Gateways are
resource ids in lower case. Times are UTC texts of equal length, so that they sort chronologically; where the database's
own clock decides, they are seconds since 1970.

A file or server may be used by replicas of the previous version while it is migrated. So a step only adds: what the
previous version does not write has a default, is filled in by a trigger, or is looked after by `bot.store.retention`.
"""

from bot.store.dialect import POSTGRESQL, SQLITE, Dialect

_ONE = (
    """
    CREATE TABLE changes (
        seq     {serial},
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
        seq     {serial},
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
        seq     {counted},
        at      TEXT NOT NULL,
        gateway TEXT NOT NULL,
        name    TEXT NOT NULL,
        body    TEXT NOT NULL
    )
    """,
)

_ONE_SQLITE = (
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

# A superuser may still take the triggers away; a mistake, or a role with no more than its rights, may not.
_ONE_POSTGRESQL = (
    """
    CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$
    """,
    """
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to()
    """,
    """
    CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()
    """,
)

_TWO = (
    # Which database this is: another one in its place is noticed.
    "CREATE TABLE identity (id TEXT NOT NULL PRIMARY KEY)",
    "ALTER TABLE changes ADD COLUMN expires TEXT",
    "ALTER TABLE changes ADD COLUMN incident TEXT",
    # NULL: a row of the first schema, with its document still in its body.
    "ALTER TABLE changes ADD COLUMN packed INTEGER",
    "CREATE INDEX changes_in_order ON changes (created, seq)",
    "CREATE INDEX changes_of_card ON changes (incident, created, seq)",
    "CREATE INDEX changes_open ON changes (created, seq) "
    "WHERE state IN ('offered', 'approved', 'writing', 'written', 'verifying')",
    "CREATE INDEX changes_under_way ON changes (created, seq) "
    "WHERE state IN ('approved', 'writing', 'written', 'verifying')",
    "CREATE INDEX offers_by_end ON changes (expires) WHERE state = 'offered'",
    "CREATE INDEX changes_not_packed ON changes (seq) WHERE packed IS NULL",
    # A gateway's whole document, compressed: large, and needed only while a change is under way.
    """
    CREATE TABLE documents (
        change TEXT NOT NULL PRIMARY KEY,
        stored DOUBLE PRECISION NOT NULL,
        body   {bytes} NOT NULL
    )
    """,
    "CREATE INDEX documents_by_age ON documents (stored)",
    "CREATE INDEX incidents_by_age ON incidents (created)",
    """
    CREATE TABLE leases (
        key    TEXT NOT NULL PRIMARY KEY,
        holder TEXT NOT NULL,
        fence  BIGINT NOT NULL,
        ends   DOUBLE PRECISION NOT NULL
    )
    """,
    "CREATE INDEX leases_by_end ON leases (ends)",
    # `ended` is NULL until the word was said, or given up.
    """
    CREATE TABLE outbox (
        seq     {serial},
        key     TEXT NOT NULL UNIQUE,
        place   TEXT NOT NULL,
        kind    TEXT NOT NULL,
        about   TEXT NOT NULL,
        parts   TEXT NOT NULL,
        tries   INTEGER NOT NULL,
        due     TEXT NOT NULL,
        begun   INTEGER NOT NULL,
        ended   DOUBLE PRECISION,
        ts      TEXT NOT NULL,
        because TEXT NOT NULL
    )
    """,
    "CREATE INDEX outbox_unsaid ON outbox (place, seq) WHERE ended IS NULL",
    "CREATE INDEX outbox_by_age ON outbox (ended) WHERE ended IS NOT NULL",
    # Each line's hash covers the line before it; lines of the first schema have none.
    "ALTER TABLE audit ADD COLUMN previous TEXT",
    "ALTER TABLE audit ADD COLUMN hash TEXT",
    "CREATE INDEX audit_by_time ON audit (at, seq)",
    "CREATE INDEX audit_of_gateway ON audit (gateway, at, seq)",
    "CREATE INDEX audit_of_name ON audit (name, at, seq)",
    "CREATE INDEX audit_chain ON audit (seq) WHERE hash IS NOT NULL",
)

_FILL = """
    UPDATE changes SET
        expires = CASE WHEN json_valid(body) THEN json_extract(body, '$.expires') END,
        incident = CASE WHEN json_valid(body) THEN json_extract(body, '$.card.incident') END
"""

_TWO_SQLITE = (
    "INSERT INTO identity (id) VALUES (lower(hex(randomblob(16))))",
    _FILL,
    # A replica of the previous version goes on adding offers without these columns.
    f"""
    CREATE TRIGGER changes_of_the_first_schema AFTER INSERT ON changes WHEN NEW.expires IS NULL
    BEGIN {_FILL} WHERE id = NEW.id; END
    """,
)

_TWO_POSTGRESQL = ("INSERT INTO identity (id) VALUES (replace(gen_random_uuid()::text, '-', ''))",)

_THREE = (
    # A run of lines of the audit log that retention removed: `previous` is the hash before it, `hash` its last one's;
    # NULL if none of them had a hash.
    """
    CREATE TABLE audit_removed (
        first    BIGINT NOT NULL PRIMARY KEY,
        last     BIGINT NOT NULL,
        lines    BIGINT NOT NULL,
        until    TEXT NOT NULL,
        previous TEXT,
        hash     TEXT
    )
    """,
    "CREATE INDEX audit_removed_after ON audit_removed (previous)",
    "CREATE INDEX audit_removed_up_to ON audit_removed (hash)",
)

# A line goes only after it was noted that it goes, and such a note only grows.
_THREE_SQLITE = (
    "DROP TRIGGER audit_is_not_deleted",
    """
    CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
    WHEN NOT EXISTS (SELECT 1 FROM audit_removed WHERE OLD.seq BETWEEN first AND last)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
    """,
    """
    CREATE TRIGGER audit_removed_is_not_deleted BEFORE DELETE ON audit_removed
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
    """,
    """
    CREATE TRIGGER audit_removed_only_grows BEFORE UPDATE ON audit_removed
    WHEN NEW.first <> OLD.first OR NEW.last <= OLD.last OR NEW.lines <= OLD.lines
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
    """,
    # See audit_is_not_replaced.
    """
    CREATE TRIGGER audit_removed_is_not_replaced BEFORE INSERT ON audit_removed
    WHEN EXISTS (SELECT 1 FROM audit_removed WHERE first = NEW.first)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
    """,
)

_THREE_POSTGRESQL = (
    """
    CREATE FUNCTION audit_goes_only_when_noted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM agw.audit_removed WHERE OLD.seq BETWEEN first AND last) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the audit log is only added to';
    END $$
    """,
    "DROP TRIGGER audit_is_not_changed ON audit",
    """
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to()
    """,
    """
    CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_goes_only_when_noted()
    """,
    """
    CREATE TRIGGER audit_removed_is_not_deleted BEFORE DELETE ON audit_removed
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to()
    """,
    """
    CREATE TRIGGER audit_removed_only_grows BEFORE UPDATE ON audit_removed FOR EACH ROW
    WHEN (NEW.first <> OLD.first OR NEW.last <= OLD.last OR NEW.lines <= OLD.lines)
    EXECUTE FUNCTION audit_is_only_added_to()
    """,
    """
    CREATE TRIGGER audit_removed_is_not_emptied BEFORE TRUNCATE ON audit_removed
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()
    """,
)


def _in_words(dialect: Dialect, *steps: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(dialect.render, step)) for step in steps)


SQLITE_MIGRATIONS = _in_words(
    SQLITE, (*_ONE, *_ONE_SQLITE), (*_TWO, *_TWO_SQLITE), (*_THREE, *_THREE_SQLITE)
)
"""Statements by schema number, from 1. Never edit them: existing databases have already been migrated by them."""

POSTGRESQL_MIGRATIONS = _in_words(
    POSTGRESQL, (*_ONE, *_ONE_POSTGRESQL), (*_TWO, *_TWO_POSTGRESQL), (*_THREE, *_THREE_POSTGRESQL)
)
"""The same for PostgreSQL, which was there from schema 2 on."""
