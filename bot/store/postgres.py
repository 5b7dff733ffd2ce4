"""The store in a PostgreSQL database."""

from typing import Self

from bot.store.postgres_database import PATIENCE, PostgresDatabase
from bot.store.store import DatabaseStore


class PostgresStore(DatabaseStore):
    """One database, for any number of replicas."""

    @classmethod
    async def open(cls, url: str, patience: float = PATIENCE) -> Self:
        """Open the database that AGW_DATABASE_URL names; create its tables if necessary.

        `patience`: seconds to connect, and for one statement.
        """
        return cls(await PostgresDatabase.open(url, patience))
