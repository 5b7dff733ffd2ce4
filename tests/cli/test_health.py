"""`/healthz` and `/readyz`: what a platform restarts the bot for, and what it takes it out of service for."""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.cli.health import LIFE, MOST, Ready, health_door, yes
from bot.cli.web import served
from bot.core.problem import Problem
from bot.store import open_store

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


async def asked(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(f"http://{HOST}:{port}{path}") as said:
        return said.status, await said.text()


async def test_alive_needs_nothing_and_ready_needs_slack_and_the_store(tmp_path: Path) -> None:
    ready, port = Ready(), free_port()
    async with health_door((HOST, port), ready):
        assert (await asked(port, "/healthz"))[0] == 200
        assert await asked(port, "/readyz") == (
            503,
            '{"ready": false, "slack": false, "store": false}',
        )


async def test_ready_when_both_are_there(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path / 'agw.db'}")
    ready, port = Ready(slack=yes, store=store), free_port()
    try:
        async with health_door((HOST, port), ready):
            assert await asked(port, "/readyz") == (
                200,
                '{"ready": true, "slack": true, "store": true}',
            )
    finally:
        await store.close()


async def test_a_store_that_is_gone_is_not_ready(tmp_path: Path) -> None:
    file = tmp_path / "agw.db"
    store = await open_store(f"sqlite:///{file}")
    try:
        ready = Ready(slack=yes, store=store)
        file.unlink()
        assert await ready.parts() == {"slack": True, "store": False}
    finally:
        await store.close()


async def test_the_store_is_asked_once_however_often_somebody_asks(tmp_path: Path) -> None:
    file = tmp_path / "agw.db"
    store = await open_store(f"sqlite:///{file}")
    try:
        ready = Ready(slack=yes, store=store)
        before = await ready.parts()
        file.unlink()
        assert await ready.parts() == before == {"slack": True, "store": True}
    finally:
        await store.close()


async def _opened(port: int, said: bytes = b"") -> tuple[StreamReader, StreamWriter]:
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(said)
    return reader, writer


async def _ended(reader: StreamReader) -> bool:
    """Whether the other side has closed it by now."""
    try:
        async with asyncio.timeout(0.2):
            return await reader.read() is not None
    except (TimeoutError, ConnectionError) as error:
        return isinstance(error, ConnectionError)


async def test_the_oldest_of_many_idle_connections_make_room(tmp_path: Path) -> None:
    port = free_port()
    async with health_door((HOST, port), Ready()):
        idle = await asyncio.gather(*(_opened(port) for _ in range(MOST + 20)))
        assert (await asked(port, "/healthz"))[0] == 200
        ended = await asyncio.gather(*(_ended(reader) for reader, _ in idle))
        assert sum(ended) >= 21
        for _, writer in idle:
            writer.close()


@pytest.mark.parametrize("said", [b"", b"GET /healthz HTT", b"GET /healthz HTTP/1.1\r\nHost: "])
async def test_a_request_that_does_not_come_to_its_end_is_not_waited_for(said: bytes) -> None:
    port, loop = free_port(), asyncio.get_running_loop()
    async with health_door((HOST, port), Ready()):
        reader, writer = await _opened(port, said)
        begun = loop.time()
        async with asyncio.timeout(LIFE + 5):
            await reader.read()
        assert loop.time() - begun > LIFE - 1
        writer.close()


async def test_an_address_that_is_taken_is_one_sentence() -> None:
    port = free_port()
    async with health_door((HOST, port), Ready()):
        with pytest.raises(Problem, match="cannot listen") as raised:
            async with health_door((HOST, port), Ready()):
                raise AssertionError("two listen on one port")
    assert "AGW_HEALTH_LISTEN" in raised.value.hint


async def test_an_address_for_slack_that_is_taken_is_one_sentence() -> None:
    port = free_port()
    hint = "Set AGW_LISTEN to a free address of this machine."
    async with served(web.AppRunner(web.Application()), (HOST, port), hint):
        with pytest.raises(Problem, match=f"cannot listen on {HOST}:{port}") as raised:
            async with served(web.AppRunner(web.Application()), (HOST, port), hint):
                raise AssertionError("two listen on one port")
    assert raised.value.hint == hint


async def test_without_an_address_nobody_listens() -> None:
    async with health_door(None, Ready()):
        pass
