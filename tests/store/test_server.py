"""A PostgreSQL server that is away, sick, or not what it should be; told without its address or password."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from bot.core.changes.audit import AuditEntry
from bot.core.problem import Problem
from bot.store import announcing, open_store, postgres_migration
from bot.store.postgres import PostgresStore
from bot.store.postgres_database import CONNECTIONS, PATIENCE, PostgresDatabase
from bot.store.schema import POSTGRESQL_MIGRATIONS
from bot.store.work import Work, count, rows
from tests import postgresql
from tests.core.make import ID, NOW
from tests.eventloop import LeapingLoop
from tests.network import Network
from tests.store.make import change, entries_of
from tests.store.outside import OTHERS_OUT, run

NO_ROOM = (
    "CREATE FUNCTION agw.no_room() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
    "CREATE TRIGGER no_room BEFORE INSERT ON agw.audit FOR EACH ROW EXECUTE FUNCTION agw.no_room()",
)
"""The server says what it says where its disk is full (postgresql.org/docs/current/errcodes-appendix.html)."""
ROOM_AGAIN = "DROP FUNCTION agw.no_room() CASCADE"

QUICK = 0.4
"""Seconds that a store waits here for a server that will never answer."""


class _Stranger(asyncio.Protocol):
    """Says the same to everybody, and hangs up; or says nothing, ever."""

    def __init__(self, said: bytes | None, everybody: list[asyncio.BaseTransport]) -> None:
        self._said = said
        self._everybody = everybody

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._everybody.append(transport)

    def data_received(self, _: bytes) -> None:
        transport = self._everybody[-1]
        assert isinstance(transport, asyncio.WriteTransport)
        if self._said is not None:
            transport.write(self._said)
            transport.close()


@asynccontextmanager
async def stranger(said: bytes | None) -> AsyncIterator[str]:
    """The URL of a server that is no PostgreSQL."""
    everybody: list[asyncio.BaseTransport] = []
    loop = asyncio.get_running_loop()
    async with await loop.create_server(
        lambda: _Stranger(said, everybody), "127.0.0.1", 0
    ) as listener:
        port = listener.sockets[0].getsockname()[1]
        yield f"postgresql://agw:the-password@127.0.0.1:{port}/agw"
        for transport in everybody:
            transport.close()


async def refused(url: str, patience: float = 30) -> Problem:
    """What is said when it cannot be opened. Neither an address nor a password is."""
    with pytest.raises(Problem) as caught:
        await PostgresStore.open(url, patience)
    told = caught.value
    assert told.hint.endswith(".")
    for secret in ("127.0.0.1", "the-password", url):
        assert secret not in str(told)
        assert told.__cause__ is None
    return told


async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    told = await refused(f"postgresql://agw:the-password@127.0.0.1:{port}/agw")
    assert told.code == "database_unreachable"
    assert "refuses connections" in told.message


async def test_it_never_answers() -> None:
    async with stranger(None) as url:
        told = await refused(url, QUICK)
    assert told.code == "database_unreachable"
    assert "does not answer" in told.message


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 100, b"E"])
async def test_it_is_something_else(said: bytes) -> None:
    async with stranger(said) as url:
        assert (await refused(url)).code == "database_unreachable"


@pytest.mark.parametrize(
    "rest",
    ["[::1/agw", "127.0.0.1:port/agw", "127.0.0.1:1/agw?sslmode=perhaps", "127.0.0.1:999999/agw"],
)
async def test_the_url_cannot_be_read(rest: str) -> None:
    told = await refused(f"postgresql://agw:the-password@{rest}")
    assert told.code == "bad_database_url"


@pytest.mark.parametrize(
    ("change_of", "code"),
    [
        (("/postgres", "/nowhere"), "database_missing"),
        (("agw@", "nobody:the-password@"), "database_forbidden"),
        (("/postgres", "/postgres?sslmode=require"), "database_unreachable"),
        (("/postgres", "/postgres?target_session_attrs=standby"), "database_unreachable"),
        (("/postgres", "/postgres?sslmode=verify-full&sslrootcert=/no"), "database_unreachable"),
    ],
)
async def test_the_server_does_not_let_us_in(
    server_url: str, change_of: tuple[str, str], code: str
) -> None:
    assert (await refused(server_url.replace(*change_of))).code == code


async def test_a_user_who_may_make_no_tables(server_url: str) -> None:
    await run(server_url, "SELECT 1")
    connection = await asyncpg.connect(server_url)
    await connection.execute("DROP SCHEMA IF EXISTS agw CASCADE; DROP ROLE IF EXISTS guest")
    await connection.execute("CREATE ROLE guest LOGIN")
    told = await refused(server_url.replace("agw@", "guest@"))
    assert told.code == "database_unwritable"
    assert "CREATE SCHEMA agw AUTHORIZATION" in told.hint
    # What an administrator is told to do is enough.
    await connection.execute("CREATE SCHEMA agw AUTHORIZATION guest")
    store = await open_store(server_url.replace("agw@", "guest@"))
    await store.add_change(change())
    await store.close()
    await connection.execute("DROP SCHEMA agw CASCADE; DROP ROLE guest")
    await connection.close()


async def test_a_newer_schema_is_refused_and_left_alone(server_url: str) -> None:
    await (await open_store(server_url)).close()
    newer = len(POSTGRESQL_MIGRATIONS) + 1
    await run(server_url, f"UPDATE schema SET version = {newer} RETURNING 1")
    assert (await refused(server_url)).code == "database_newer"
    assert await run(server_url, "SELECT version FROM schema") == [(newer,)]
    await run(server_url, f"UPDATE schema SET version = {newer - 1} RETURNING 1")


async def test_many_replicas_may_create_the_tables_together(server_url: str) -> None:
    await run(server_url, "DROP SCHEMA IF EXISTS agw CASCADE")
    stores = await asyncio.gather(*(open_store(server_url) for _ in range(6)))
    await stores[0].add_change(change())
    assert await stores[5].change("c1") == change()
    for store in stores:
        await store.close()


async def test_one_migrates_a_large_database_and_each_says_what_it_waits_for(
    server_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run(server_url, "DROP SCHEMA IF EXISTS agw CASCADE")
    connection = await asyncpg.connect(server_url)
    await connection.execute("CREATE SCHEMA agw")
    await connection.execute(
        "SET search_path = agw; CREATE TABLE schema (version INTEGER NOT NULL)"
    )
    for statement in POSTGRESQL_MIGRATIONS[0]:
        await connection.execute(statement)
    await connection.execute("INSERT INTO schema VALUES (1)")
    monkeypatch.setattr(announcing, "LARGE", 1000)
    monkeypatch.setattr(postgres_migration, "QUIETLY", 0.0)
    other = connection.transaction()
    await other.start()
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('agw schema', 0))")
    opening = asyncio.create_task(open_store(server_url))
    async with asyncio.timeout(60):
        while True:
            if caplog.records:
                break
            await asyncio.sleep(0.02)
    await other.rollback()
    store = await opening
    waits, migrates = (it.getMessage() for it in caplog.records)
    assert "Another replica of agw" in waits
    assert "is brought to this version's schema" in migrates
    await store.add_change(change())
    assert await store.change("c1") == change()
    await store.close()
    await connection.close()


@pytest.fixture
async def database(server_url: str) -> AsyncIterator[PostgresDatabase]:
    """Below the store."""
    opened = await PostgresDatabase.open(server_url)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("53100", "disk_full"),
        ("53300", "database_unreachable"),
        ("57P01", "database_unreachable"),
        ("25006", "database_unwritable"),
        ("40P01", "database_locked"),
        ("XX001", "database_damaged"),
        ("42P01", "database_replaced"),
    ],
)
async def test_what_the_server_reports_is_told(
    database: PostgresDatabase, state: str, code: str
) -> None:
    text = f"DO $$ BEGIN RAISE EXCEPTION 'secret' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(Problem) as caught:
        await database.write(count(text))
    assert caught.value.code == code
    assert "secret" not in str(caught.value)
    assert await database.read(rows("SELECT 1")) == [(1,)]


async def test_a_mistake_of_ours_is_not_told_as_trouble_outside(database: PostgresDatabase) -> None:
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await database.read(rows("SELECT FROM FROM"))


async def test_a_failed_transaction_leaves_nothing(database: PostgresDatabase) -> None:
    def work() -> Work[None]:
        yield from count("INSERT INTO seen VALUES ('a', '')")
        raise LookupError("half way")

    with pytest.raises(LookupError):
        await database.write(work())
    assert await database.read(rows("SELECT * FROM seen")) == []


async def test_a_statement_that_takes_too_long_is_ended(server_url: str) -> None:
    database = await PostgresDatabase.open(server_url, 1)
    with pytest.raises(Problem) as caught:
        await database.read(rows("SELECT pg_sleep(60)"))
    assert caught.value.code == "database_locked"
    await database.close()


async def test_a_lock_of_another_session(server_url: str) -> None:
    store = await PostgresStore.open(server_url, 1)
    other = await asyncpg.connect(server_url)
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE agw.changes IN EXCLUSIVE MODE")
            assert await store.changes() == ()
            with pytest.raises(Problem) as caught:
                await store.add_change(change())
            assert caught.value.code == "database_locked"
        await store.add_change(change())
        assert await store.changes() == (change(),)
    finally:
        await other.close()
        await store.close()


async def test_a_full_disk_of_the_server(server_url: str) -> None:
    """In the middle of a step: what stood before it in the transaction is not there either."""
    store = await PostgresStore.open(server_url)
    await store.add_change(change())
    for it in NO_ROOM:
        await run(server_url, it)
    line = AuditEntry(NOW, "approved", ID)
    try:
        with pytest.raises(Problem) as caught:
            await store.advance("c1", "offered", "approved", entries=(line,))
        assert caught.value.code == "disk_full"
        assert await store.change("c1") == change()
    finally:
        await run(server_url, ROOM_AGAIN)
    assert await store.advance("c1", "offered", "approved", entries=(line,)) is not None
    assert [it async for it in entries_of(store)] == [line]
    await store.close()


async def test_there_are_few_connections(database: PostgresDatabase) -> None:
    name = "SELECT pg_backend_pid() FROM pg_sleep(0.01)"
    found = await asyncio.gather(*(database.read(rows(name)) for _ in range(5 * CONNECTIONS)))
    assert len({pid for ((pid,),) in found}) <= CONNECTIONS


async def test_cancelling_the_caller_keeps_the_work_whole(database: PostgresDatabase) -> None:
    begun = asyncio.Event()

    def work() -> Work[None]:
        begun.set()
        yield from rows("SELECT pg_sleep(0.05)")
        yield from count("INSERT INTO seen VALUES ('a', '')")

    task = asyncio.create_task(database.write(work()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.close()
    assert await database.read(rows("SELECT key FROM seen")) == [("a",)]


async def test_after_an_outage_it_goes_on(server_url: str) -> None:
    store = await PostgresStore.open(server_url)
    await store.add_change(change())
    server = postgresql.server()
    server.halt()
    try:
        for attempt in (store.change("c1"), store.advance("c1", "offered", "approved")):
            with pytest.raises(Problem) as caught:
                await attempt
            assert caught.value.code == "database_unreachable"
    finally:
        server.start()
    moved = await store.advance("c1", "offered", "approved")
    assert moved == change(state="approved")
    await store.close()


async def test_a_connection_that_a_firewall_forgot_is_replaced(server_url: str) -> None:
    """It looks alive from here; whoever needs the database notices no more than a pause."""
    async with Network(postgresql.server().port).open() as network:
        url = server_url.replace(f":{postgresql.server().port}", f":{network.port}")
        store = await PostgresStore.open(url, 2)
        network.forget()
        await store.add_change(change())
        assert await store.change("c1") == change()
        await store.close()


async def test_a_connection_that_the_server_ended_is_replaced_before_its_end_arrives(
    server_url: str,
) -> None:
    async with Network(postgresql.server().port).open() as network:
        url = server_url.replace(f":{postgresql.server().port}", f":{network.port}")
        store = await PostgresStore.open(url)
        network.keep_open()
        await run(server_url, OTHERS_OUT)
        await network.ended.wait()
        # The loop reads what the server said last.
        await asyncio.sleep(0)
        await store.add_change(change())
        assert await store.change("c1") == change()
        await store.close()


@asynccontextmanager
async def far_away(server_url: str) -> AsyncIterator[tuple[Network, PostgresDatabase]]:
    """A database behind a network."""
    port = postgresql.server().port
    async with Network(port).open() as network:
        opened = await PostgresDatabase.open(server_url.replace(f":{port}", f":{network.port}"))
        yield network, opened
        await opened.close()


async def at_work_on(server_url: str, text: str) -> None:
    """Until the server has got that statement from somebody."""
    look = (
        "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
        f" AND query = '{text}'"
    )
    while True:
        if await run(server_url, look):
            return
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("text", "at_once"),
    [
        # The session ends while the server is at work on it.
        ("SELECT pg_sleep(60)", False),
        # It ends when the statement is prepared and not yet carried out, and one packet says both.
        ("SELECT id FROM agw.changes", True),
    ],
)
async def test_a_session_ended_in_the_middle_of_a_statement(
    server_url: str, text: str, at_once: bool
) -> None:
    async with far_away(server_url) as (network, database):

        def work() -> Work[None]:
            if at_once:
                network.collect()
            yield from rows(text)

        working = asyncio.create_task(database.write(work()))
        await at_work_on(server_url, text)
        await run(server_url, OTHERS_OUT)
        with pytest.raises(Problem) as caught:
            await working
        assert caught.value.code == "database_unreachable"
        network.pass_on()
        assert await database.read(rows("SELECT 1")) == [(1,)]


async def test_a_connection_given_up_between_the_two_halves_of_a_statement(server_url: str) -> None:
    """On a busy machine: the answer has come, and so has the end of our patience, before either was looked at."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, LeapingLoop)
    async with far_away(server_url) as (network, database):

        def work() -> Work[None]:
            network.overhear(lambda: loop.leap(3 * PATIENCE))
            yield from rows("SELECT id FROM changes")

        with pytest.raises(Problem) as caught:
            await database.read(work())
        assert caught.value.code == "database_unreachable"
        assert "does not answer" in caught.value.message
        assert await database.read(rows("SELECT 1")) == [(1,)]


async def test_a_mistake_of_ours_where_the_connection_is_well(database: PostgresDatabase) -> None:
    with pytest.raises(asyncpg.DataError):
        await database.read(rows("SELECT id FROM changes WHERE id = :id", id=7))
    with pytest.raises(asyncpg.InterfaceError):
        await database.read(rows("SELECT $1 || $2"))


async def test_whoever_falls_silent_in_a_transaction_lets_others_through(server_url: str) -> None:
    """The network fails between its statements; the server cannot know that."""
    async with Network(postgresql.server().port).open() as network:
        url = server_url.replace(f":{postgresql.server().port}", f":{network.port}")
        silent = await PostgresDatabase.open(url, 2)
        other = await PostgresStore.open(server_url, 4)
        await other.add_change(change())

        def work() -> Work[None]:
            yield from rows("SELECT 1 FROM changes WHERE id = 'c1' FOR UPDATE")
            network.cut()
            yield from count("UPDATE changes SET state = 'rejected' WHERE id = 'c1'")

        with pytest.raises(Problem) as caught:
            await silent.write(work())
        assert caught.value.code == "database_unreachable"
        assert "does not answer" in caught.value.message
        assert await other.advance("c1", "offered", "approved") is not None
        network.mend()
        await silent.close()
        assert (await found(other)).state == "approved"
        await other.close()


async def found(store: PostgresStore) -> Any:
    """The one change."""
    return await store.change("c1")
