"""A database as it is after years: old changes and lines of the audit log, made by the database itself."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change
from bot.store import DatabaseStore, SqliteStore
from bot.store.postgres import PostgresStore
from bot.store.values import change_to_text, moment, to_text

MANY_CHANGES, MANY_LINES = 100_000, 1_000_000

YEARS = timedelta(days=1_000)

_CHANGES = """
    INSERT INTO {schema}changes (id, gateway, state, created, expires, incident, packed, body)
    {numbers} SELECT 'old' || n, {gateway}, 'healthy', {when}, {began}, 'i' || n, 1, {body} FROM numbers
"""
_LINES = """
    INSERT INTO {schema}audit (at, gateway, name, body, previous, hash)
    {numbers} SELECT {when}, {gateway}, {name}, {body}, 'h' || (n - 1), 'h' || n FROM numbers
"""

# The values of both statements, in this order.
_NAMES = ("gateway", "began", "body", "name", "count", "apart")
_SQLITE = {
    **{it: f":{it}" for it in _NAMES},
    "schema": "",
    "numbers": "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count - 1)",
    "when": "strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', :began, '+' || (n * :apart) || ' seconds')",
}
_POSTGRES = {
    "gateway": "$1::text",
    "began": "$2::text",
    "body": "$3::text",
    "name": "$4::text",
    "schema": "agw.",
    "numbers": "WITH numbers AS (SELECT n FROM generate_series(0, $5::int - 1) AS n"
    # Each statement has to say the types of all values, also of one that it does not use.
    " WHERE $4::text IS NOT NULL)",
    "when": "to_char($2::text::timestamptz AT TIME ZONE 'UTC' + n * $6::int * interval '1 second',"
    """ 'YYYY-MM-DD"T"HH24:MI:SS".000000+00:00"')""",
}


async def fill(url: str, like: Change, changes: int, lines: int) -> None:
    """Add so many changes like this one, carried out in the years before, and lines about them."""
    is_file = url.startswith("sqlite:")
    store: DatabaseStore = await (SqliteStore if is_file else PostgresStore).open(url)
    await store.close()
    done = replace(like, state="healthy", before=None)
    began, gateway = like.created - YEARS, like.plan.gateway_id
    entry = AuditEntry(began, "verified", gateway, "T0LAB", "U0ADA", like.id, {"state": "healthy"})
    name = gateway.rpartition("/")[2].lower()
    about = (gateway.lower(), moment(began))
    statements = [
        (_CHANGES, (*about, change_to_text(done), name, changes, _apart(changes))),
        (_LINES, (*about, to_text(entry), name, lines, _apart(lines))),
    ]
    if is_file:
        _fill_file(url.removeprefix("sqlite:///"), statements)
    else:
        await _fill_postgres(url, statements)


def _apart(count: int) -> int:
    return max(1, int(YEARS.total_seconds() * 0.9) // count)


def _fill_file(path: str, statements: list[tuple[str, tuple[Any, ...]]]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        # Nothing here is worth waiting for the disk.
        connection.execute("PRAGMA synchronous = OFF")
        for statement, values in statements:
            connection.execute(statement.format(**_SQLITE), dict(zip(_NAMES, values, strict=True)))


async def _fill_postgres(url: str, statements: list[tuple[str, tuple[Any, ...]]]) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement, values in statements:
            await connection.execute(statement.format(**_POSTGRES), *values)
        # As its autovacuum does, which the server of the tests has not.
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
