"""The store: changes, incidents, deliveries already seen, and the audit log. Here a restart finds them again.

One SQLite file on a local disk is enough for one replica. The SQL stands in `sql`, the values' JSON in `values`.

    store = await SqliteStore.open("sqlite:///agw.db")
    moved = await store.advance(change_id, "offered", "approved", approved_by=person)   # None: too late
"""

from bot.store.sqlite import SqliteStore

__all__ = ["SqliteStore"]
