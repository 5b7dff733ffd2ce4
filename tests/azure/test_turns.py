"""However large an answer of Azure is, the event loop never waits for the end of its reading.

Times say little on a busy machine, so what is done in one turn of the loop is counted.
"""

import asyncio
import re
import sys
from json import JSONDecoder
from types import FrameType
from typing import Any

import pytest

from bot.azure import bounded, listing, manager, writing
from bot.azure.bounded import AT_ONCE
from bot.core.arm.document import DEEPEST, NotReadable, parse_json
from bot.core.model.health import BackendHealth
from tests.azure.conftest import arm_at
from tests.azure.wild import Reply, Request, answer, wild_server
from tests.bench import large
from tests.probe.turns import Turns, counting_turns

DOCUMENT = large.gateway(servers=1_200, listeners=20)
REPORT = large.health(DOCUMENT, word="Unhealthy", log="Cannot connect to backend server. " * 10)


def large_azure(request: Request) -> Reply:
    """A gateway with 1,200 servers, its report, and a list of such gateways."""
    path = request.target.partition("?")[0].lower()
    if path.endswith("/backendhealth"):
        return answer(200, REPORT)
    if path.endswith("/applicationgateways"):
        return answer(200, {"value": [DOCUMENT] * 8})
    return answer(200, DOCUMENT)


def counted(monkeypatch: pytest.MonkeyPatch, on: Any, name: str, turns: Turns) -> None:
    """Count the calls of one of our functions."""
    real = getattr(on, name)

    def spy(*args: Any, **kwargs: Any) -> Any:
        turns.did()
        return real(*args, **kwargs)

    monkeypatch.setattr(on, name, spy)


async def test_large_answers_are_parsed_and_read_beside_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with wild_server(large_azure) as server, arm_at(server.url, ["s1"]) as arm:
        with counting_turns() as turns:
            counted(monkeypatch, bounded, "parse_json", turns)
            counted(monkeypatch, listing, "read_page", turns)
            counted(monkeypatch, manager, "read_health", turns)
            document = await arm.read(large.ID)
            health = await arm.health(large.ID, 20)
            listed = await arm.list_gateways()
    assert document == DOCUMENT
    assert isinstance(health, BackendHealth)
    assert len(health.servers) == 1_200
    assert len(listed.gateways) == 8
    assert turns.elsewhere >= 4
    assert turns.total == 0


@pytest.mark.parametrize("value", [b"{}", b"9" * 4_000, b"2.2250738585072011e-308"])
async def test_other_threads_have_a_turn_before_each_value_that_costs_something(
    value: bytes,
) -> None:
    """Python gives them one where a function in Python is called; here, by the parser."""
    turns = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal turns
        caller = frame.f_back
        if event == "call" and caller is not None:
            turns += caller.f_code is JSONDecoder.raw_decode.__code__

    values = AT_ONCE // len(value) + 1

    def parse() -> Any:
        sys.setprofile(count)
        try:
            return parse_json(b"[" + b",".join([value] * values) + b"]", patient=True)
        finally:
            sys.setprofile(None)

    assert len(await asyncio.to_thread(parse)) == values
    assert turns >= values


async def test_a_long_list_of_subscriptions_is_read_beside_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may have as many entries as one answer may have parts."""
    crowd = {"value": [{"subscriptionId": "s1"}] + [{}] * 10_000}

    def says(request: Request) -> Reply:
        listing_them = request.target.startswith("/subscriptions?")
        return answer(200, crowd if listing_them else {"value": [DOCUMENT]})

    async with wild_server(says) as server, arm_at(server.url) as arm:
        with counting_turns() as turns:
            counted(monkeypatch, listing, "read_subscriptions", turns)
            listed = await arm.list_gateways()
    assert listed.gateways == (DOCUMENT,)
    assert (turns.elsewhere, turns.total) == (1, 0)


async def test_a_document_is_written_as_json_beside_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with wild_server(large_azure) as server, arm_at(server.url) as arm:
        with counting_turns() as turns:
            counted(monkeypatch, writing, "as_json", turns)
            await arm.put(large.ID, DOCUMENT, "etag", "client")
        (sent,) = server.requests
    assert (turns.elsewhere, turns.total) == (1, 0)
    assert parse_json(sent.body) == DOCUMENT


async def test_a_long_text_is_searched_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own search of a text lets no thread run before its end."""
    pieces: list[int] = []

    class Spied:
        def search(self, body: bytes, start: int, end: int) -> re.Match[bytes] | None:
            pieces.append(end - start)
            return pattern.search(body, start, end)

    pattern = bounded._NESTED
    monkeypatch.setattr(bounded, "_NESTED", Spied())
    body = b'["' + b"x" * (10 * AT_ONCE) + b'"]'
    assert await bounded.parsed(body) == ["x" * (10 * AT_ONCE)]
    assert len(pieces) == 11
    assert max(pieces) <= AT_ONCE + DEEPEST


@pytest.mark.parametrize("before", range(AT_ONCE - DEEPEST - 2, AT_ONCE + 2))
async def test_what_lies_across_two_pieces_is_found(before: int) -> None:
    body = b" " * before + b"[" * (DEEPEST + 1) + b" " * AT_ONCE
    with pytest.raises(NotReadable, match="nested"):
        await bounded.parsed(body)
