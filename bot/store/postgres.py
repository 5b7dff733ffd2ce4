"""The store in a PostgreSQL database."""

from typing import Self

from bot.store.postgres_database import PostgresDatabase
from bot.store.store import DatabaseStore


class PostgresStore(DatabaseStore):
    """One database, for any number of replicas."""

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open the database that AGW_DATABASE_URL names; create its tables if necessary."""
        return cls(await PostgresDatabase.open(url))
