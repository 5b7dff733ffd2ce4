"""Answers that nobody should send: whatever is asked, each becomes one sentence, and never an exception of its own."""

import gzip
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from bot.azure import ResourceManager
from bot.azure.bounded import (
    MOST_BYTES,
    MOST_ESCAPES,
    MOST_PARTS,
    MOST_TOGETHER,
    MOST_VALUES,
)
from bot.core.arm.environment_reader import read_environments
from bot.core.arm.gateway_reader import read_gateway
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import plain
from bot.core.model.unavailable import Unavailable
from bot.core.problem import Problem
from tests.azure.conftest import ID, arm_at
from tests.azure.wild import Reply, Request, answer, bomb, raw, wild_server
from tests.core.make import NOW, document

GATEWAY = document(top_id=ID)
OTHER = document(top_id=f"{ID}-2", top_name="agw-one-2")
DEEP = b"[" * 200_000 + b"]" * 200_000
BOMB = bomb(16 * MOST_BYTES)
GARBAGE = b"this is no gzip at all"

CALLS: Mapping[str, Callable[[ResourceManager], Awaitable[object]]] = {
    "read": lambda arm: arm.read(ID),
    "list": lambda arm: arm.list_gateways(),
    "put": lambda arm: arm.put(ID, GATEWAY, "etag", "client"),
    "health": lambda arm: arm.health(ID, 5),
    "on demand": lambda arm: arm.health_on_demand(ID, {}, 5),
    "network": lambda arm: arm.gateway_network(GATEWAY, 5),
    "environments": lambda arm: arm.environments(GATEWAY, 5),
    "load": lambda arm: arm.load(GATEWAY, NOW, 5),
    "grants": lambda arm: arm.grants(ID, 5),
}

REPLIES: Mapping[str, tuple[bytes, str]] = {
    "deep": (raw(200, DEEP), "nested more than 64 levels deep"),
    "deep refusal": (raw(404, DEEP), ""),
    "deeper than documents": (
        raw(200, b'{"id":' + b"[" * 70 + b"]" * 70 + b"}"),
        "nested more than 64 levels deep",
    ),
    "not compressed": (
        raw(200, GARBAGE, Content_Encoding="gzip"),
        "says that it is compressed, but cannot be unpacked",
    ),
    "refusal not compressed": (raw(403, GARBAGE, Content_Encoding="deflate"), ""),
    "unknown compression": (raw(200, GARBAGE, Content_Encoding="x-best"), "is not one of Azure's"),
    "no characters": (raw(200, b"\xff\xfe\xff"), "is not one of Azure's"),
    "bogus charset": (
        raw(200, b'{"id": "\xe9"}', Content_Type="application/json; charset=x-bogus"),
        "",
    ),
    "endless": (raw(200, b" " * (MOST_BYTES + 1)), "is longer than 8 MB"),
    "bomb": (raw(200, BOMB, Content_Encoding="gzip"), "is longer than 8 MB"),
    "refused with a bomb": (raw(403, BOMB, Content_Encoding="gzip"), ""),
    "refused at length": (raw(403, b"<p>" * MOST_BYTES), ""),
    "too many values": (
        raw(200, b"[" + b"0," * (MOST_VALUES + 1) + b"0]"),
        f"has more than {MOST_VALUES} values",
    ),
    "too many parts": (raw(200, b"[" + b"[]," * MOST_PARTS + b"[]]"), f"or {MOST_PARTS} parts"),
    "too many members": (
        raw(200, b"{" + b",".join(b'"%d":1' % it for it in range(60_000)) + b"}"),
        f"has more than {MOST_TOGETHER} members in one object",
    ),
    "too many escapes": (
        raw(200, b'{"id": "' + rb"\n" * (MOST_ESCAPES + 1) + b'"}'),
        f"or {MOST_ESCAPES} escaped characters",
    ),
    "no number": (raw(200, b'{"id": NaN}'), "is not one of Azure's"),
    "long number": (raw(200, b'{"id": ' + b"9" * 5000 + b"}"), "is not one of Azure's"),
}


def said(found: object) -> str:
    """What a person is told."""
    match found:
        case Problem():
            return f"{found.message} {found.hint}"
        case HealthNotKnown(reason) | Unavailable(reason):
            return reason
        case tuple():
            return " ".join(map(said, found))
    return ""


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("odd", REPLIES)
async def test_every_call_ends_with_a_sentence(odd: str, call: str) -> None:
    reply, words = REPLIES[odd]
    async with wild_server(reply) as server, arm_at(server.url, ["s1"]) as arm:
        try:
            found = await CALLS[call](arm)
        except Problem as problem:
            found = problem
    if call == "put" and b"HTTP/1.1 200" in reply:
        return  # Azure took it, whatever else it says.
    assert said(found)
    assert words in said(found)


@pytest.mark.parametrize("body", [{}, {"id": 7}, {"id": "agw"}, {"id": None, "properties": []}])
async def test_an_answer_that_is_no_gateway(body: Any) -> None:
    async with wild_server(answer(200, body)) as server, arm_at(server.url) as arm:
        with pytest.raises(Problem) as caught:
            await arm.read(ID)
    assert caught.value.code == "unreadable"
    assert caught.value.message == (
        "Could not read gateway agw-one: Azure's answer is not the document of a gateway:"
        " it has no resource id of one."
    )


LIST = "Could not list the gateways of subscription s1 whole: Not read:"


@pytest.mark.parametrize(
    ("page", "gap"),
    [
        ({"value": [7, GATEWAY]}, f"{LIST} value/1 of the list is the number 7, not an object."),
        ({"value": [GATEWAY, None]}, f"{LIST} value/2 of the list is null, not an object."),
        ({"value": [GATEWAY], "nextLink": 7}, f"{LIST} nextLink of the list is the number 7,"),
        ({"value": [GATEWAY], "nextLink": {"a": 1}}, f"{LIST} nextLink of the list is an object,"),
    ],
)
async def test_a_list_is_read_as_far_as_it_can_be(page: Any, gap: str) -> None:
    async with wild_server(answer(200, page)) as server, arm_at(server.url, ["s1"]) as arm:
        found = await arm.list_gateways()
    assert found.gateways == (GATEWAY,)
    assert len(found.gaps) == 1
    assert plain(found.gaps[0]).startswith(gap)


@pytest.mark.parametrize("body", [None, [], {}, {"value": None}, {"value": "text"}, {"value": {}}])
async def test_a_list_that_is_none_is_a_gap_beside_one_that_is(body: Any) -> None:
    def reply(request: Request) -> Reply:
        return answer(200, {"value": [OTHER]} if "/s2/" in request.target else body)

    async with wild_server(reply) as server, arm_at(server.url, ["s1", "s2"]) as arm:
        found = await arm.list_gateways()
    assert found.gateways == (OTHER,)
    assert found.gaps == (
        "Could not list the gateways of subscription s1:"
        " the answer is no list, though one was asked for.",
    )


async def test_a_list_that_leads_back_into_itself_ends() -> None:
    def reply(_: Request) -> Reply:
        return answer(200, {"value": [GATEWAY], "nextLink": f"{server.url}/again"})

    async with wild_server(reply) as server, arm_at(server.url, ["s1"]) as arm:
        found = await arm.list_gateways()
    assert found.gateways == (GATEWAY, GATEWAY)
    assert server.count("GET") == 2


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ({"value": [7]}, "value/1 of the list of the App Service Environments is"),
        (
            {"value": [], "nextLink": 7},
            "nextLink of the list of the App Service Environments is the number 7",
        ),
        ({"value": 7}, "the answer is no list, though one was asked for"),
        (
            {"value": [{"id": 7, "properties": {"internalLoadBalancingMode": "Web"}}]},
            "Azure lists an App Service Environment without a resource id",
        ),
    ],
)
async def test_a_list_of_environments_is_read_whole_or_not_at_all(page: Any, reason: str) -> None:
    async with wild_server(answer(200, page)) as server, arm_at(server.url, ["s1"]) as arm:
        parts = await arm.environments(GATEWAY, 5)
    found = read_environments(parts, read_gateway(GATEWAY, {}), {})
    assert isinstance(found, Unavailable)
    assert reason in plain(found.reason)


async def test_a_part_of_the_network_that_is_no_document() -> None:
    async with wild_server(answer(200, [7])) as server, arm_at(server.url) as arm:
        found = await arm.gateway_network(GATEWAY, 5)
    assert found == Unavailable("the answer is not a document")


@pytest.mark.parametrize("size", [0, 5, 2**20, 3 * 2**20 + 1])
def test_the_bomb_is_gzip(size: int) -> None:
    assert gzip.decompress(bomb(size)) == bytes(size)
