"""The promise that nothing leaves loopback."""

import asyncio
import socket

import pytest

from bot.lab.guard import OutsideError, is_loopback, loopback_only


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("localhost", True),
        ("10.1.5.11", False),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("0.0.0.0", False),
        ("example.com", False),
    ],
)
def test_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


async def test_connections_to_the_outside_are_refused() -> None:
    with loopback_only(), pytest.raises(OutsideError, match=r"10\.1\.5\.11"):
        await asyncio.open_connection("10.1.5.11", 443)


async def test_names_of_the_outside_are_not_looked_up() -> None:
    with loopback_only(), pytest.raises(OutsideError, match=r"example\.com"):
        await asyncio.get_running_loop().getaddrinfo("example.com", 443)


def test_datagrams_to_the_outside_are_refused() -> None:
    with (
        loopback_only(),
        socket.socket(type=socket.SOCK_DGRAM) as sock,
        pytest.raises(OutsideError, match=r"sendto"),
    ):
        sock.sendto(b"hello", ("10.1.5.11", 53))


def test_listening_for_the_outside_is_refused() -> None:
    with loopback_only(), socket.socket() as sock, pytest.raises(OutsideError, match=r"bind"):
        sock.bind(("0.0.0.0", 0))


async def test_loopback_is_open() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()
        await writer.wait_closed()

    with loopback_only():
        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("localhost", port, family=socket.AF_INET)
            assert await reader.read() == b"hello"
            writer.close()
            await writer.wait_closed()
