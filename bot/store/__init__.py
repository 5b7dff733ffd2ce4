"""What survives a restart: changes, incidents, words to say, leases, deliveries already seen, and the audit log.

In: values of `bot.core`. Out: the same values, or `Problem` if the database cannot be used. One SQLite file on a local
disk is enough for one replica; several share a PostgreSQL database.

    store = await open_store("sqlite:///agw.db")
    moved = await store.advance(change_id, "offered", "approved", approved_by=person)   # None: too late

Every decision is a generator of statements (`work`), made once for both kinds of database: `changes`, `change_lists`,
`documents`, `incidents`, `outbox`, `leases`, `audit`, `audit_verification`, `audit_retention`, `recording`,
`deliveries`, `retention`. `schema` has the tables, `values` the JSON of the values. Below them, `sqlite_database` and
`postgres_database` carry statements out, and `dialect` has the few words that differ.
"""

from bot.store.location import is_postgresql
from bot.store.sqlite import SqliteStore
from bot.store.store import DatabaseStore

__all__ = ["DatabaseStore", "SqliteStore", "is_postgresql", "open_store"]


async def open_store(url: str) -> DatabaseStore:
    """The store that AGW_DATABASE_URL names.

    Raises:
        Problem: it cannot be opened.
    """
    if is_postgresql(url):
        # Its client takes time and memory, and most bots use a file.
        from bot.store.postgres import PostgresStore

        return await PostgresStore.open(url)
    return await SqliteStore.open(url)
