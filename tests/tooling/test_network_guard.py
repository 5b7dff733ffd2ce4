"""The guard of tests/conftest.py: a test that leaves loopback fails at that very call.

Every socket here is bound to loopback first. The kernel then has no way to the outside either,
so a broken guard fails these tests without one packet sent.
"""

import asyncio
import socket

import pytest

from bot.lab.guard import OutsideError

OUTSIDE = ["10.1.5.11", "20.50.2.1", "169.254.169.254", "168.63.129.16"]


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_connection_to_the_outside_is_refused(address: str) -> None:
    with socket.socket() as client:
        client.bind(("127.0.0.1", 0))
        with pytest.raises(OutsideError, match=address):
            client.connect((address, 443))


async def test_a_connection_that_asyncio_makes_is_refused() -> None:
    with pytest.raises(OutsideError, match=r"10\.1\.5\.11"):
        await asyncio.open_connection("10.1.5.11", 443, local_addr=("127.0.0.1", 0))


def test_a_connection_over_ipv6_is_refused() -> None:
    with socket.socket(socket.AF_INET6) as client:
        client.bind(("::1", 0))
        with pytest.raises(OutsideError, match="2603:1030::1"):
            client.connect(("2603:1030::1", 443))


def test_a_datagram_to_the_outside_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.bind(("127.0.0.1", 0))
        with pytest.raises(OutsideError, match=r"168\.63\.129\.16"):
            client.sendto(b"", ("168.63.129.16", 53))


@pytest.mark.parametrize("name", ["test.appgwtestase.com", "slack.com", "localhost.example"])
def test_a_name_of_the_outside_is_not_looked_up(name: str) -> None:
    # AI_NUMERICHOST: without the guard the resolver answers "not an address" and asks nobody.
    with pytest.raises(OutsideError, match=name):
        socket.getaddrinfo(name, 443, flags=socket.AI_NUMERICHOST)


def test_a_listener_for_the_outside_is_refused() -> None:
    with socket.socket() as server, pytest.raises(OutsideError, match=r"0\.0\.0\.0"):
        server.bind(("0.0.0.0", 0))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost"])
def test_loopback_is_open(host: str) -> None:
    with socket.create_server((host, 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_unix_sockets_are_open() -> None:
    one, other = socket.socketpair()
    one.close()
    other.close()
