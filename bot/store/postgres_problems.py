"""PostgreSQL's errors, explained to a person.

The codes are those of postgresql.org/docs/current/errcodes-appendix.html.

Nothing of what the server says is repeated: it names users, databases and addresses.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from bot.core.problem import Problem

SERVER = "the PostgreSQL server that AGW_DATABASE_URL names"

FAILURES = (asyncpg.PostgresError, OSError)
"""All that a statement, or the end of a connection, can fail with."""

_LATER = (
    "Check the server, its log and the network. When it is back, changes under way go on by themselves; whatever else"
    " was asked meanwhile is to be asked again."
)
_LOST = "is not reachable now: the connection was lost, or could not be made"
_UNREACHABLE = ("database_unreachable", _LOST, _LATER)
_BUSY = ("database_locked", "took too long, because other work is in the way", _LATER)
_REPLACED = (
    "database_replaced",
    "no longer has agw's tables: the database was deleted or replaced while agw was running",
    "Restore it, or restart agw: it then starts with an empty one, without history or undo.",
)
_FORBIDDEN = (
    "database_forbidden",
    "refuses the user or the password",
    "Check both in AGW_DATABASE_URL (a special character is written as %XX), and the server's rules of access.",
)
_DAMAGED = ("database_damaged", "reports damaged data", "Restore the database from a backup.")

_TOLD = {
    "28000": _FORBIDDEN,
    "28P01": _FORBIDDEN,
    "3D000": (
        "database_missing",
        "has no database of that name",
        "Create it (createdb), or correct the name at the end of AGW_DATABASE_URL.",
    ),
    "42501": (
        "database_unwritable",
        "does not allow this user to create or use agw's tables",
        "Let an administrator run: CREATE SCHEMA agw AUTHORIZATION, followed by the user's name.",
    ),
    "25006": (
        "database_unwritable",
        "takes no writes: it is a standby, or read-only",
        "Set AGW_DATABASE_URL to the primary server.",
    ),
    "53100": ("disk_full", "cannot store more, because its disk is full", "Free some space there."),
    "53300": (
        "database_unreachable",
        "has no connection left",
        "Each replica needs up to 4: raise max_connections, or stop other programs.",
    ),
    "26000": (
        "bad_database_url",
        "is behind a pooler that mixes up sessions",
        "Set AGW_DATABASE_URL to the server itself.",
    ),
    "25P03": _BUSY,
    "40001": _BUSY,
    "40P01": _BUSY,
    "55P03": _BUSY,
    "57014": _BUSY,
    "3F000": _REPLACED,
    "42P01": _REPLACED,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
_TOLD_BY_CLASS = {"08": _UNREACHABLE, "53": _UNREACHABLE, "57": _UNREACHABLE, "58": _DAMAGED}


@contextmanager
def translate_postgres_errors() -> Iterator[None]:
    """Turn what can go wrong outside into a `Problem`; our own mistakes pass through unchanged."""
    try:
        yield
    except asyncpg.PostgresError as error:
        state = str(error.sqlstate)
        known = _TOLD.get(state) or _TOLD_BY_CLASS.get(state[:2])
        if known is None:
            raise
        raise _problem(*known) from None
    except OSError as error:
        raise _problem("database_unreachable", _why(error), _LATER) from None


def bad_url() -> Problem:
    """The URL cannot be read; no part of it is repeated, because it may hold a password."""
    return Problem(
        "bad_database_url",
        "AGW_DATABASE_URL is not a PostgreSQL URL that agw can read.",
        "Write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters as %XX.",
    )


def newer(found: int, known: int) -> Problem:
    """The tables were migrated by a newer version, whose data may mean something else."""
    return Problem(
        "database_newer",
        f"The PostgreSQL database was migrated by a newer agw (its schema is {found}, this one knows {known}).",
        "Run the newer agw, or set AGW_DATABASE_URL to another database.",
    )


def replaced() -> Problem:
    """Another database stands in its place."""
    return _problem(*_REPLACED)


def is_connection_lost(error: BaseException) -> bool:
    """Whether the connection was of no use any more, so that another one may do better."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate)[:2] in ("08", "57")
    return isinstance(error, OSError)


def _why(error: OSError) -> str:
    match error:
        case TimeoutError():
            return "does not answer"
        case socket.gaierror():
            return "has a name that cannot be resolved here"
        case ssl.SSLError():
            return "could not be reached with TLS: the two do not agree, or its certificate is not trusted"
        case FileNotFoundError():
            return "cannot be reached, because a certificate or key that AGW_DATABASE_URL names is not there"
        case ConnectionRefusedError():
            return "refuses connections: it is not running, or it listens elsewhere"
        case _:
            return _LOST


def _problem(code: str, what: str, hint: str) -> Problem:
    return Problem(code, f"{SERVER[0].upper()}{SERVER[1:]} {what}.", hint)
