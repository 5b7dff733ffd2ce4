"""SQLite's errors, explained to a person. The codes are those of sqlite.org/rescode.html."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from bot.core.problem import Problem
from bot.store.schema import SQLITE_MIGRATIONS

_UNWRITABLE = (
    "database_unwritable",
    "cannot be opened for writing",
    "Make the file and its directory writable for the user that runs agw, or set AGW_DATABASE_URL to another file.",
)
_DAMAGED = (
    "database_damaged",
    "is damaged, or is not a database",
    "Restore it from a backup, or move it away: agw then starts with an empty one, without history or undo.",
)
_LACKS = re.compile(r"no such table: (?:main\.)?(\w+)")
"""SQLite's message where somebody took a table away; the code is the one of every mistake in SQL."""

_MADE = frozenset(re.findall(r"CREATE TABLE (\w+)", " ".join(chain(*SQLITE_MIGRATIONS))))
"""The tables that there must be. That another one is missing is a mistake of ours."""

_TOLD = {
    sqlite3.SQLITE_BUSY: (
        "database_locked",
        "is locked by another process",
        "Another program has it open for writing: stop it, or wait and try again.",
    ),
    sqlite3.SQLITE_FULL: (
        "disk_full",
        "cannot grow, because the disk is full",
        "Free some space on that disk, then try again.",
    ),
    sqlite3.SQLITE_IOERR: (
        "disk_failed",
        "could not be read or written: the disk reported an error",
        "Check the disk, its free space and its quota; keep the file on a local disk.",
    ),
    sqlite3.SQLITE_CANTOPEN: _UNWRITABLE,
    sqlite3.SQLITE_READONLY: _UNWRITABLE,
    sqlite3.SQLITE_PERM: _UNWRITABLE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}


@contextmanager
def translate_sqlite_errors(path: Path) -> Iterator[None]:
    """Turn what can go wrong outside into a `Problem`; our own mistakes pass through unchanged."""
    try:
        yield
    except sqlite3.Error as error:
        known = _TOLD.get(_primary_code(error))
        lacks = _LACKS.match(str(error))
        if lacks and lacks[1] in _MADE:
            told = f"The database file {path} lacks a part that agw made in it ({error})."
            raise Problem(_DAMAGED[0], told, _DAMAGED[2]) from error
        if known is None:
            raise
        code, what, hint = known
        raise Problem(code, f"The database file {path} {what}.", hint) from error


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection was in the way."""
    return _primary_code(error) == sqlite3.SQLITE_BUSY


def newer(path: Path, found: int, known: int) -> Problem:
    """The file was written by a newer version, whose data may mean something else."""
    return Problem(
        "database_newer",
        f"The database file {path} was written by a newer agw (its schema is {found}, this one knows {known}).",
        "Run the newer agw, or set AGW_DATABASE_URL to another file.",
    )


def replaced(path: Path) -> Problem:
    """Another file stands in its place, or none: what is written now would be lost."""
    return Problem(
        "database_replaced",
        f"The database file {path} was deleted or replaced while agw was running.",
        "Put it back, then restart agw; without it agw starts with an empty one, without history or undo.",
    )


def no_directory(path: Path, error: OSError) -> Problem:
    """The directory of the file does not exist and cannot be created."""
    return Problem(
        "database_unwritable",
        f"The database file {path} cannot be created: {error.strerror}.",
        "Set AGW_DATABASE_URL to a file in a directory that the user that runs agw can write to.",
    )


def _primary_code(error: sqlite3.Error) -> int:
    """The low byte is the primary code (sqlite.org/rescode.html); errors of Python's module have no code."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF
