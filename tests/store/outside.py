"""Somebody with plain SQL, past the bot."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import asyncpg

REFUSED = (sqlite3.IntegrityError, asyncpg.RaiseError)
"""What he is told when a trigger refuses."""

OTHERS_OUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
"""Ends every other connection to a PostgreSQL server, as an administrator does."""


async def run(url: str, text: str) -> Sequence[tuple[Any, ...]]:
    """Run one statement on the database that a URL names; its rows."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db, db:
            return db.execute(text).fetchall()
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET search_path = agw")
        return [tuple(it) for it in await connection.fetch(text)]
    finally:
        await connection.close()
