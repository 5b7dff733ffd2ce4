"""What a backend answers, and how it misbehaves."""

import asyncio
from dataclasses import replace

import pytest

from bot.lab.backends import (
    ANY_HOST,
    Answer,
    Backends,
    BackendSpec,
    Normal,
    Refusing,
    Resetting,
    Route,
    Silent,
    Slow,
)
from tests.lab.backends.client import http_get, s_client
from tests.lab.backends.conftest import OpenServer

SPEC = BackendSpec(
    "10.1.5.12",
    port=80,
    routes=(
        Route("app.example.com", "/old", Answer(301, b"", (("Location", "/new"),))),
        Route("app.example.com", answer=Answer(body=b"app")),
        Route(ANY_HOST, "/health", Answer(204, b"")),
    ),
)


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("app.example.com", "/", b"HTTP/1.1 200 "),
        ("APP.example.com:80", "/", b"HTTP/1.1 200 "),
        ("app.example.com", "/old/page", b"Location: /new\r\n"),
        ("10.1.5.12", "/health", b"HTTP/1.1 204 "),
        ("[::1]", "/health", b"HTTP/1.1 204 "),
        ("10.1.5.12", "/", b"HTTP/1.1 404 "),
    ],
)
async def test_host_and_path_choose_the_answer(
    open_server: OpenServer, host: str, path: str, expected: bytes
) -> None:
    async with open_server(SPEC) as server:
        assert expected in await http_get(server.port, host, path)


async def test_a_request_without_host_is_answered_like_an_unknown_one(
    open_server: OpenServer,
) -> None:
    async with open_server(SPEC) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        assert b"404" in await reader.read()
        writer.close()
        await writer.wait_closed()


async def test_a_resetting_server_resets(open_server: OpenServer) -> None:
    async with open_server(SPEC) as server:
        await server.change(behaviour=Resetting())
        with pytest.raises(ConnectionResetError):
            await http_get(server.port, "app.example.com")
        assert server.connections == 1


async def test_a_refusing_server_keeps_its_port_and_may_come_back(open_server: OpenServer) -> None:
    async with open_server(SPEC) as server:
        port = server.port
        await server.change(behaviour=Refusing())
        with pytest.raises(ConnectionRefusedError):
            await http_get(port, "app.example.com")
        await server.change(behaviour=Normal())
        assert server.port == port
        assert b"200" in await http_get(port, "app.example.com")


async def test_a_server_may_refuse_from_the_beginning(open_server: OpenServer) -> None:
    async with open_server(BackendSpec("10.1.5.12", 80, behaviour=Refusing())) as server:
        assert server.port
        with pytest.raises(ConnectionRefusedError):
            await http_get(server.port, "app.example.com")


async def test_a_silent_server_accepts_and_says_nothing(open_server: OpenServer) -> None:
    async with open_server(SPEC) as server:
        await server.change(behaviour=Silent())
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: app.example.com\r\n\r\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        writer.close()
        await writer.wait_closed()


async def test_a_slow_server_answers_late(open_server: OpenServer) -> None:
    async with open_server(SPEC) as server:
        await server.change(behaviour=Slow(0.3))
        clock = asyncio.get_running_loop().time
        began = clock()
        assert b"200" in await http_get(server.port, "app.example.com")
        assert clock() - began >= 0.3


async def test_one_page_may_be_slow_and_another_quick(open_server: OpenServer) -> None:
    slow = Route("app.example.com", "/slow", Answer(seconds=0.3))
    async with open_server(replace(SPEC, routes=(slow, *SPEC.routes))) as server:
        clock = asyncio.get_running_loop().time
        began = clock()
        await http_get(server.port, "app.example.com", "/slow")
        assert clock() - began >= 0.3


async def test_servers_are_found_by_the_address_the_scenario_gave_them() -> None:
    async with Backends.open([SPEC, BackendSpec("10.1.5.13", 80)]) as backends:
        assert set(backends.connect_to) == {("10.1.5.12", 80), ("10.1.5.13", 80)}
        host, port = backends.connect_to["10.1.5.13", 80]
        assert (host, port) == ("127.0.0.1", backends.at("10.1.5.13", 80).port)
        with pytest.raises(KeyError):
            backends.at("10.1.5.14")


async def test_tls_spoken_to_a_plain_port_is_a_bad_request(open_server: OpenServer) -> None:
    async with open_server(SPEC) as server:
        assert "wrong version number" in (await s_client(server.port)).text
