"""What was acknowledged survives SIGKILL, nothing is done twice, and of two processes one wins."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.core.changes.change import ACTIVE
from bot.store import DatabaseStore, SqliteStore, open_store
from tests import postgresql
from tests.children import Child, start
from tests.store.child import WAY
from tests.store.make import change, entries_of, gateway
from tests.store.outside import run

STATEMENTS = 4
"""Of one step: SELECT of the change, SELECT of its document, UPDATE, COMMIT."""

LOOK = 2
"""Before the first step: SELECT of the changes, and the end of that."""

KILLS = 12


@asynccontextmanager
async def child(*arguments: str) -> AsyncIterator[tuple[Child, asyncio.StreamReader]]:
    """A process with its stdout; it has ended when the block ends."""
    process = await start("tests.store.child", *arguments)
    try:
        yield process, process.stdout
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def acknowledged(output: bytes) -> list[tuple[str, str]]:
    """Change and state of each whole line; the last one may be cut."""
    lines = output.decode().split("\n")[:-1]
    return [(name, state) for name, state in (line.split() for line in lines)]


@pytest.mark.parametrize("statement", range(1, LOOK + 2 * STATEMENTS + 1))
async def test_killed_before_any_statement(store: DatabaseStore, url: str, statement: int) -> None:
    """Of the child's look at the changes, or of its first two steps."""
    await store.add_change(change())
    async with child("walk", url, str(statement)) as (process, output):
        steps = acknowledged(await output.read())
        assert await process.wait() == -signal.SIGKILL
    finished = max(0, statement - LOOK - 1) // STATEMENTS
    assert steps == [("c1", state) for state in WAY[1 : finished + 1]]
    found = await store.change("c1")
    assert found is not None
    assert found.state == WAY[finished]
    assert found.outcome.split() == list(WAY[1 : finished + 1])


async def test_killed_at_random_again_and_again(store: DatabaseStore, url: str) -> None:
    names = [f"c{number}" for number in range(60)]
    for name in names:
        await store.add_change(change(name, gateway(name)))
    steps: list[tuple[str, str]] = []
    for _ in range(KILLS):
        async with child("walk", url) as (process, output):
            heard = [await output.readline() for _ in range(random.randint(1, 15))]
            process.kill()
            steps += acknowledged(b"".join(heard) + await output.read())
            assert await process.wait() == -signal.SIGKILL
        await agrees(store, steps)
    async with child("walk", url) as (process, output):
        steps += acknowledged(await output.read())
        assert await process.wait() == 0
    await agrees(store, steps)
    assert {it.state for it in await store.changes()} == {"healthy"}
    # A kill can only hide the one step that was done but not yet told.
    assert len(names) * (len(WAY) - 1) - len(steps) <= KILLS


async def test_a_disk_that_fails_half_way(file_store: SqliteStore, file_url: str) -> None:
    """What was acknowledged before is there, and nothing else."""
    async with child("fill", file_url, "600000") as (process, output):
        number, code = (await output.read()).decode().split()
        assert await process.wait() == 0
    assert code == "disk_failed"
    assert int(number) > 10
    assert [it.action async for it in entries_of(file_store)] == [
        str(it) for it in range(int(number))
    ]


async def test_a_server_that_dies_half_way(server_url: str) -> None:
    """The same; but of a line that was on its way nobody could say whether it is there."""
    server = postgresql.server()
    await (await open_store(server_url)).close()
    async with child("fill", server_url, "0") as (process, output):
        while len(await run(server_url, "SELECT 1 FROM agw.audit LIMIT 10")) < 10:
            pass
        server.halt()
        try:
            number, code = (await output.read()).decode().split()
            assert await process.wait() == 0
        finally:
            server.start()
    assert code in ("database_unreachable", "not_known")
    store = await open_store(server_url)
    found = [it.action async for it in entries_of(store)]
    assert found == [str(it) for it in range(len(found))]
    assert int(number) <= len(found) <= int(number) + 1
    await store.close()


async def agrees(store: DatabaseStore, steps: list[tuple[str, str]]) -> None:
    """The file holds every acknowledged step, each was done once, and no state is without its step."""
    assert len(set(steps)) == len(steps)
    for it in await store.changes():
        done = it.outcome.split()
        assert done == list(WAY[1 : WAY.index(it.state) + 1])
        assert {state for name, state in steps if name == it.id} <= set(done)


async def approvals(url: str, one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Two processes that approve at the same time; what each of them won."""
    async with (
        child("approve", url, "U1", *one) as (first, heard_first),
        child("approve", url, "U2", *other) as (second, heard_second),
    ):
        for output in (heard_first, heard_second):
            assert await output.readline() == b"ready\n"
        for process in (first, second):
            process.stdin.write(b"go\n")
            await process.stdin.drain()
        won = await asyncio.gather(heard_first.read(), heard_second.read())
        assert await first.wait() == 0
        assert await second.wait() == 0
    return won[0].decode().split(), won[1].decode().split()


async def test_of_two_processes_one_approves(store: DatabaseStore, url: str) -> None:
    names = [f"c{number}" for number in range(60)]
    for name in names:
        await store.add_change(change(name, gateway(name)))
    first, second = await approvals(url, names, names)
    assert sorted(first + second) == sorted(names)
    found = {it.id: it.approved_by.user for it in await store.changes() if it.approved_by}
    assert found == dict.fromkeys(first, "U1") | dict.fromkeys(second, "U2")


async def test_of_two_changes_to_a_gateway_one_is_approved(store: DatabaseStore, url: str) -> None:
    pairs = [(f"a{number}", f"b{number}") for number in range(60)]
    for pair in pairs:
        for name in pair:
            await store.add_change(change(name, gateway(pair[0])))
    first, second = await approvals(url, [a for a, _ in pairs], [b for _, b in pairs])
    assert len(first) + len(second) == len(pairs)
    active = [it for it in await store.changes() if it.state in ACTIVE]
    assert {it.id for it in active} == {*first, *second}
    assert len({it.plan.gateway_id for it in active}) == len(pairs)
