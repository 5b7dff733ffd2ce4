"""One PUT or none, whatever becomes of the connection and whatever is answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.azure import ResourceManager, writing
from bot.core.problem import Problem
from bot.lab.azure import Down, Fault, LoseAnswer
from bot.lab.azure.faults import WRITE
from tests.azure.conftest import ID, World, arm_at
from tests.azure.wild import CUT, RESET, SILENT, Reply, WildServer, answer, error, wild_server
from tests.lab.azure.world import V1

DOCUMENT = {"id": ID, "etag": 'W/"1"', "properties": {}}
OPERATION = "http://127.0.0.1/operations/1"


@asynccontextmanager
async def put_to(reply: Reply) -> AsyncIterator[tuple[WildServer, ResourceManager]]:
    async with wild_server(reply) as server, arm_at(server.url) as arm:
        yield server, arm


@pytest.mark.parametrize(
    "reply",
    [
        CUT,
        RESET,
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"This is not HTTP\r\n\r\n",
        error(500, "InternalServerError"),
        error(503, "ServerTimeout", Retry_After="0"),
        error(504, "GatewayTimeout"),
        error(408, "RequestTimeout"),
        answer(307, Location="/elsewhere"),
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
    ],
)
async def test_what_leaves_it_open_is_called_lost(reply: Reply) -> None:
    async with put_to(reply) as (server, arm):
        with pytest.raises(Problem) as caught:
            await arm.put(ID, DOCUMENT, 'W/"1"', "change-1")
        assert caught.value.code == "lost"
        assert "may have been carried out" in caught.value.message
        assert server.count("PUT") == 1


async def test_silence_is_called_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "WRITE_WITHIN", 1.0)
    async with put_to(SILENT) as (server, arm):
        with pytest.raises(Problem) as caught:
            await arm.put(ID, DOCUMENT, 'W/"1"', "change-1")
        assert caught.value.code == "lost"
        assert server.count("PUT") == 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (error(429, "TooManyRequests", Retry_After="0"), "throttled"),
        (error(429, "RetryableErrorDueToAnotherOperation", Retry_After="0"), "busy"),
        (error(409, "AnotherOperationInProgress"), "busy"),
        (error(409, "MissingSubscriptionRegistration"), "not_registered"),
        (error(412, "PreconditionFailed"), "etag_mismatch"),
        (error(400, "InvalidResourceReference"), "invalid"),
        (error(401, "ExpiredAuthenticationToken"), "signin"),
        (error(404, "ResourceNotFound"), "not_found"),
    ],
)
async def test_a_refusal_is_final(reply: Reply, code: str) -> None:
    async with put_to(reply) as (server, arm):
        with pytest.raises(Problem) as caught:
            await arm.put(ID, DOCUMENT, 'W/"1"', "change-1")
        assert caught.value.code == code
        assert [each.method for each in server.requests] == ["PUT"]


@pytest.mark.parametrize(
    "reply",
    [
        answer(201, {}, Azure_AsyncOperation=OPERATION),
        # The operation's address has arrived, the document after it has not.
        b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 99\r\n"
        b"Azure-AsyncOperation: " + OPERATION.encode() + b"\r\n\r\n{",
        answer(201, {}, Azure_AsyncOperation=OPERATION, Retry_After="in a while"),
        answer(202, None, Location=OPERATION),
        answer(200, "not a gateway", Azure_AsyncOperation=OPERATION),
    ],
)
async def test_once_taken_it_is_taken(reply: Reply) -> None:
    async with put_to(reply) as (server, arm):
        accepted = await arm.put(ID, DOCUMENT, 'W/"1"', "change-1")
        assert accepted.operation_url == OPERATION
        assert server.count("PUT") == 1


async def test_aiohttp_by_itself_would_send_it_twice() -> None:
    """Why there is a middleware; if this fails, aiohttp has changed and it may go."""
    async with wild_server(CUT) as server, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.put(server.url, data=b"{}")
        assert server.count("PUT") == 2


async def test_nobody_there_means_nothing_was_sent(unused_tcp_port: int) -> None:
    async with arm_at(f"http://127.0.0.1:{unused_tcp_port}") as arm:
        with pytest.raises(Problem) as caught:
            await arm.put(ID, DOCUMENT, 'W/"1"', "change-1")
    assert caught.value.code == "unreachable"


async def test_each_put_has_its_own_connection(world: World) -> None:
    document = await world.arm.read(ID)
    await world.arm.put(ID, document, document["etag"], "change-1")
    [put] = world.requests("PUT")
    assert put.headers["Connection"] == "close"


async def test_an_answer_lost_on_the_way_back(world: World) -> None:
    document = dict(await world.arm.read(ID))
    document["tags"] = {"by": "us"}
    world.azure.set_fault(Fault(LoseAnswer(), WRITE))
    with pytest.raises(Problem) as caught:
        await world.arm.put(ID, document, document["etag"], "change-1")
    assert caught.value.code == "lost"
    assert len(world.requests("PUT")) == 1
    assert world.azure.gateway(V1)["tags"] == {"by": "us"}


async def test_a_request_that_never_arrived(world: World) -> None:
    document = await world.arm.read(ID)
    world.azure.set_fault(Fault(Down(), WRITE))
    with pytest.raises(Problem) as caught:
        await world.arm.put(ID, document, document["etag"], "change-1")
    assert caught.value.code == "lost"
    assert len(world.requests("PUT")) == 1


async def test_a_cancelled_put_is_not_repeated() -> None:
    async with put_to(SILENT) as (server, arm):
        putting = asyncio.create_task(arm.put(ID, DOCUMENT, 'W/"1"', "change-1"))
        await asyncio.wait_for(server.arrived.wait(), 5)
        putting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await putting
        assert server.count("PUT") == 1
