"""Bringing an SQLite file to this version's schema, once, whoever opens it first."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bot.store.announcing import announce
from bot.store.schema import SQLITE_MIGRATIONS
from bot.store.sqlite_problems import newer


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    migrations: Sequence[Sequence[str]] = SQLITE_MIGRATIONS,
) -> None:
    """Migrate the file to the newest schema, in one transaction.

    Raises:
        Problem: `database_newer`, the file's schema is newer than that.
    """
    known = len(migrations)
    if _schema(connection) == known:
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        # Checked again under the lock: another process may have been faster.
        found = _schema(connection)
        if found > known:
            raise newer(path, found, known)
        size = path.stat().st_size
        announce(f"The database file {path}", found, size, "takes about ten seconds for each GB")
        for statement in (it for migration in migrations[found:] for it in migration):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {known}")


def _schema(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)
