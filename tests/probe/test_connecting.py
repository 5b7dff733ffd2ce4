"""What is said when there is no TCP session, and which address is taken."""

import asyncio
import re
import socket
import sys
from collections.abc import Iterator

import pytest

from bot.core.model.observation import Answered, NotConnected, Response
from bot.probe import tcp
from tests.probe.asking import BACKEND, attempt, outcome
from tests.probe.servers import answering, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken but on which nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port whose queue is full, so that Linux drops what asks to connect."""
    if sys.platform != "linux":
        pytest.skip("other systems treat a full queue differently")
    with socket.socket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for client in (first, second):
            client.setblocking(False)
            client.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


def peer(address: str, port: int) -> tcp.SocketAddress:
    return tcp.SocketAddress(address, port, address)


def within(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_nothing_listens(closed_port: int) -> None:
    address = f"{BACKEND} via 127.0.0.1:{closed_port}"
    found = await outcome(attempt(), ("127.0.0.1", closed_port))
    assert found == NotConnected("refused", address, "connection refused")


async def test_packets_vanish(full_port: int) -> None:
    found = await outcome(attempt(), ("127.0.0.1", full_port), timeout=0.2)
    assert isinstance(found, NotConnected)
    assert found.kind == "timeout"
    assert re.fullmatch(r"no answer within \d\.\d s", found.reason)


async def test_no_way_leads_there() -> None:
    # Here it is the guard around the tests that lets nothing through.
    found = await tcp.connect(peer("10.255.255.1", 443), within(5))
    assert isinstance(found, NotConnected)
    assert (found.kind, found.address) == ("unreachable", "10.255.255.1")


async def test_the_first_address_that_accepts_is_taken() -> None:
    async with serving(answering(OK)) as server:
        stream = await tcp.connect_first(
            [peer("127.0.0.2", server.port), peer("127.0.0.1", server.port)], within(5)
        )
        assert isinstance(stream, tcp.Stream)
        assert stream.peer.address == "127.0.0.1"
        stream.close()


async def test_a_silent_address_leaves_time_for_the_next(full_port: int) -> None:
    found = await tcp.connect_first(
        [peer("127.0.0.1", full_port), peer("127.0.0.2", full_port)], within(0.4)
    )
    assert isinstance(found, NotConnected)
    assert found.kind == "refused"
    assert found.address == "127.0.0.2"
    assert "127.0.0.1: no answer within" in found.reason


async def test_of_several_failures_the_most_telling_names_the_kind(closed_port: int) -> None:
    peers = [peer("10.255.255.1", closed_port), peer("127.0.0.1", closed_port)]
    found = await tcp.connect_first(peers, within(5))
    assert isinstance(found, NotConnected)
    assert found.kind == "refused"
    assert found.reason.startswith("none of 2 addresses accepts connections (10.255.255.1: ")


async def test_what_came_before_a_reset_can_still_be_read() -> None:
    # A server that turns a client down often says so and resets in the same breath.
    async def answer_and_reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        linger = b"\1\0\0\0\0\0\0\0"
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    async with serving(answer_and_reset) as server:
        stream = await tcp.connect(peer("127.0.0.1", server.port), within(5))
        assert isinstance(stream, tcp.Stream)
        await server.until(lambda state: state.closed == 1)
        assert await stream.receive() == OK
        assert await stream.receive() == b""
        assert stream.was_reset
        stream.close()


async def test_a_flood_is_held_back() -> None:
    much = 64 * 1024 * 1024

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes(much))
        await writer.drain()

    async with serving(flood) as server:
        stream = await tcp.connect(peer("127.0.0.1", server.port), within(5))
        assert isinstance(stream, tcp.Stream)
        with pytest.raises(TimeoutError):
            await server.until(lambda state: state.closed == 1, patience=0.5)
        received = 0
        while chunk := await stream.receive():
            received += len(chunk)
        assert received == much
        stream.close()


async def test_plain_http_needs_no_tls() -> None:
    async with serving(answering(OK)) as server:
        found = await outcome(attempt(tls=False, port=80), server.endpoint)
    assert found == Answered(
        f"{BACKEND} via 127.0.0.1:{server.port}", None, Response(200, None, "ok")
    )
