"""What survives a restart: changes, incidents, deliveries already seen, and the audit log.

In: values of `bot.core`. Out: the same values, or `Problem` if the database cannot be used. One SQLite file on a local
disk is enough for one replica. `sql` has the SQL, `values` the JSON of the values.

    store = await SqliteStore.open("sqlite:///agw.db")
    moved = await store.advance(change_id, "offered", "approved", approved_by=person)   # None: too late
"""

from bot.store.sqlite import SqliteStore

__all__ = ["SqliteStore"]
