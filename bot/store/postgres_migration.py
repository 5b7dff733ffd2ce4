"""Bringing a PostgreSQL database to this version's schema, once, whoever connects first."""

import asyncio

from bot.store.announcing import announce, announce_wait
from bot.store.postgres_problems import SERVER, newer
from bot.store.postgres_session import Connection
from bot.store.schema import POSTGRESQL_MIGRATIONS

LONGEST = 3600.0
"""Seconds after which a migration is given up, and nothing of it stays."""

QUIETLY = 2.0
"""Seconds for which a replica waits for another one's migration without a word."""

# A large table may take long to migrate, and other replicas wait for it.
_MIGRATE = """
    BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL search_path = agw;
    SET LOCAL statement_timeout = 0;
"""
_TURN = "SELECT pg_try_advisory_xact_lock(hashtextextended('agw schema', 0))"
_LOOK = 0.2
_SIZE = """
    SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
    WHERE relkind = 'r' AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'agw')
"""


async def identity(connection: Connection) -> str:
    """Which database this is."""
    return str(await connection.fetchval("SELECT id FROM agw.identity"))


async def is_current(connection: Connection) -> bool:
    """Whether there is nothing to do."""
    return await _schema(connection) == len(POSTGRESQL_MIGRATIONS)


async def migrate(connection: Connection) -> None:
    """Migrate to the newest schema, in one transaction; several replicas do so one after another."""
    known = len(POSTGRESQL_MIGRATIONS)
    await connection.execute(_MIGRATE)
    await _turn(connection)
    if not await connection.fetchval("SELECT 1 FROM pg_namespace WHERE nspname = 'agw'"):
        await connection.execute("CREATE SCHEMA agw")
    # Looked at again under the lock: another replica may have been faster.
    found = await _schema(connection)
    if found > known:
        raise newer(found, known)
    size = int(await connection.fetchval(_SIZE))
    announce(f"The database of {SERVER}", found, size, "may take minutes")
    if not found:
        await connection.execute("CREATE TABLE schema (version INTEGER NOT NULL)")
        await connection.execute("INSERT INTO schema (version) VALUES (0)")
    for statement in (it for migration in POSTGRESQL_MIGRATIONS[found:] for it in migration):
        await connection.execute(statement)
    await connection.execute("UPDATE schema SET version = $1", known)
    await connection.execute("COMMIT")


async def _turn(connection: Connection) -> None:
    """Wait until no other replica migrates."""
    began, told = asyncio.get_running_loop().time(), False
    while not await connection.fetchval(_TURN):
        if not told and asyncio.get_running_loop().time() - began >= QUIETLY:
            announce_wait(f"the database of {SERVER}")
            told = True
        await asyncio.sleep(_LOOK)


async def _schema(connection: Connection) -> int:
    if await connection.fetchval("SELECT to_regclass('agw.schema')") is None:
        return 0
    return int(await connection.fetchval("SELECT version FROM agw.schema") or 0)
