"""The store in an SQLite file."""

from typing import Self

from bot.store.location import database_file
from bot.store.sqlite_database import SqliteDatabase
from bot.store.store import DatabaseStore

LOCK_TIMEOUT = 5.0
"""Seconds to wait for another process that is writing. Our own writes take milliseconds."""


class SqliteStore(DatabaseStore):
    """One file on a local disk, for one replica or a few on one machine."""

    @classmethod
    async def open(cls, url: str, lock_timeout: float = LOCK_TIMEOUT) -> Self:
        """Open the file that AGW_DATABASE_URL names; create it and its directory if necessary.

        `lock_timeout`: seconds to wait for another process's lock.
        """
        return cls(await SqliteDatabase.open(database_file(url), lock_timeout))
