"""What SQLite reports, told to a person. The codes are those of sqlite.org/rescode.html."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.core.problem import Problem

_UNWRITABLE = (
    "database_unwritable",
    "cannot be opened for writing",
    "The file and its directory must be writable for the user that runs agw; or set AGW_DATABASE_URL to another file.",
)
_DAMAGED = (
    "database_damaged",
    "is damaged, or is not a database",
    "Restore it from a backup, or move it aside: agw then starts with an empty one, without history and undo.",
)
_TOLD = {
    sqlite3.SQLITE_BUSY: (
        "database_locked",
        "is locked by another process",
        "Another program holds it open for writing: end that, or wait and try again.",
    ),
    sqlite3.SQLITE_FULL: (
        "disk_full",
        "cannot grow, because the disk is full",
        "Free some space on that disk, then try again.",
    ),
    sqlite3.SQLITE_IOERR: (
        "disk_failed",
        "could not be read or written: the disk reported an error",
        "Check that disk, its free space and its quota; the file belongs on a local disk.",
    ),
    sqlite3.SQLITE_CANTOPEN: _UNWRITABLE,
    sqlite3.SQLITE_READONLY: _UNWRITABLE,
    sqlite3.SQLITE_PERM: _UNWRITABLE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}


@contextmanager
def translate_sqlite_errors(path: Path) -> Iterator[None]:
    """Turn what can go wrong outside into a `Problem`; a mistake of ours passes through as it is."""
    try:
        yield
    except sqlite3.Error as error:
        known = _TOLD.get(_primary_code(error))
        if known is None:
            raise
        code, what, hint = known
        raise Problem(code, f"The database file {path} {what}.", hint) from error


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection was in the way."""
    return _primary_code(error) == sqlite3.SQLITE_BUSY


def newer(path: Path, found: int, known: int) -> Problem:
    """The file was written by a later version, which may mean something else by what stands there."""
    return Problem(
        "database_newer",
        f"The database file {path} was written by a newer agw (its schema is {found}, this one knows {known}).",
        "Start the newer agw again, or set AGW_DATABASE_URL to another file.",
    )


def no_directory(path: Path, error: OSError) -> Problem:
    """The directory of the file is not there and cannot be made."""
    return Problem(
        "database_unwritable",
        f"The database file {path} cannot be created: {error.strerror}.",
        "Set AGW_DATABASE_URL to a file in a directory that is writable for the user that runs agw.",
    )


def unreadable(what: str) -> Problem:
    """A row is there, but its text does not mean what it should."""
    return Problem(
        "database_damaged",
        f"A stored {what} cannot be read: it was altered, or written by another version of agw.",
        "Restore the database file from a backup, or start the version of agw that wrote it.",
    )


def _primary_code(error: sqlite3.Error) -> int:
    """The low byte is the primary code (sqlite.org/rescode.html); errors of Python's module have no code."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF
