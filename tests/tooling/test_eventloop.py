"""The clock of tests leaps where nothing can happen, and nowhere else."""

import asyncio
import sys
import time
from threading import Event

import pytest

from tests.eventloop import this_loop

HOUR = 3600.0


async def test_an_hour_takes_no_time() -> None:
    loop, began = this_loop(), time.monotonic()
    before = loop.time()
    await asyncio.sleep(HOUR)
    assert loop.time() - before >= HOUR
    assert time.monotonic() - began < 60


async def test_timers_keep_their_order() -> None:
    rung: list[int] = []

    async def ring(seconds: int) -> None:
        await asyncio.sleep(seconds)
        rung.append(seconds)

    await asyncio.gather(*(ring(it) for it in (3000, 1, 200, 2)))
    assert rung == [1, 2, 200, 3000]


async def test_what_is_under_way_arrives_before_any_deadline() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100_000):
            writer.write(data)
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for size in (1, 50_000, 2_000_000):
            writer.write(b"x" * size)
            async with asyncio.timeout(1):
                assert len(await reader.readexactly(size)) == size
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(HOUR):
                await reader.read(1)
        writer.close()
        await writer.wait_closed()


async def test_while_a_thread_is_at_work_time_takes_its_time() -> None:
    done = Event()
    working = asyncio.create_task(asyncio.to_thread(done.wait))
    await asyncio.sleep(0)
    began = time.monotonic()
    await asyncio.sleep(0.05)
    assert time.monotonic() - began >= 0.05
    done.set()
    assert await asyncio.wait_for(working, HOUR)
    await asyncio.sleep(HOUR)


@pytest.mark.parametrize("shell", [False, True])
async def test_while_a_child_lives_time_takes_its_time(shell: bool) -> None:
    code = "input()"
    if shell:
        command = f"{sys.executable} -c '{code}'"
        child = await asyncio.create_subprocess_shell(command, stdin=asyncio.subprocess.PIPE)
    else:
        words = (sys.executable, "-c", code)
        child = await asyncio.create_subprocess_exec(*words, stdin=asyncio.subprocess.PIPE)
    began = time.monotonic()
    await asyncio.sleep(0.05)
    assert time.monotonic() - began >= 0.05
    await asyncio.wait_for(child.communicate(b"\n"), HOUR)
    assert child.returncode == 0
    await asyncio.sleep(HOUR)


async def test_a_test_may_ask_for_real_time() -> None:
    with this_loop().in_real_time():
        began = time.monotonic()
        await asyncio.sleep(0.05)
        assert time.monotonic() - began >= 0.05
    await asyncio.sleep(HOUR)
