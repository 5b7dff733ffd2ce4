"""Gateways and their health, from the lab's Azure in good and in bad times."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.azure import ResourceManager, connection, failures
from bot.core.model.health import BackendHealth, Health, HealthNotKnown
from bot.core.problem import Problem
from bot.lab.azure import (
    Blind,
    Down,
    Fault,
    NeverEnd,
    Refuse,
    all_healthy,
    forbidden,
    scope_locked,
    server_error,
    throttled,
)
from bot.lab.azure.errors import ArmError
from bot.lab.azure.faults import BACKEND_HEALTH, OPERATION_RESULT, READ
from tests.azure.conftest import FAST, ID, ID_V2, World, arm_at, open_world
from tests.azure.wild import CUT, RESET, SILENT, Reply, answer, wild_server
from tests.lab.azure.world import V1, V2


async def problem_of(call: Awaitable[object]) -> Problem:
    with pytest.raises(Problem) as caught:
        await call
    return caught.value


async def reason_of(call: Awaitable[Health]) -> str:
    found = await call
    assert isinstance(found, HealthNotKnown)
    return found.reason


async def test_a_document_comes_as_it_is(world: World) -> None:
    assert await world.arm.read(ID) == world.azure.gateway(V1)


async def test_an_id_in_another_case_is_the_same(world: World) -> None:
    assert (await world.arm.read(ID.lower()))["id"] == ID


async def test_a_gateway_that_is_not_there(world: World) -> None:
    found = await problem_of(world.arm.read(f"{ID}-gone"))
    assert found.code == "not_found"
    assert found.message == "Could not read gateway agw-one-gone: there is no such gateway."


@pytest.mark.parametrize(
    "gateway_id",
    ["", "agw-one", ID + "/probes/x", ID.replace("agw-one", ".."), ID + "?x", "/x" + ID],
)
async def test_what_is_no_gateways_id_is_not_asked_for(world: World, gateway_id: str) -> None:
    assert (await problem_of(world.arm.read(gateway_id))).code == "not_found"
    assert world.azure.requests == []


async def test_a_missing_permission_is_named(world: World) -> None:
    world.azure.set_fault(forbidden(READ))
    found = await problem_of(world.arm.read(ID))
    assert found.code == "forbidden"
    assert f"lacks {READ} on {ID}" in found.message
    assert "Reader" in found.hint


async def test_a_reading_call_is_tried_again(world: World) -> None:
    world.azure.set_fault(server_error(READ, status=503, times=2))
    await world.arm.read(ID)
    assert len(world.requests("GET")) == 3


async def test_but_not_for_ever(world: World) -> None:
    world.azure.set_fault(server_error(READ))
    found = await problem_of(world.arm.read(ID))
    assert found.code == "azure_failed"
    assert len(world.requests("GET")) == 3


async def test_a_short_wait_is_waited_for(world: World) -> None:
    world.azure.set_fault(throttled(READ, retry_after=1))
    assert await world.arm.read(ID)


async def test_a_long_wait_is_told(world: World) -> None:
    world.azure.set_fault(throttled(READ, retry_after=17))
    found = await problem_of(world.arm.read(ID))
    assert found.code == "throttled"
    assert len(world.requests("GET")) == 1


async def test_azure_is_down(world: World) -> None:
    world.azure.set_fault(Fault(Down()))
    assert (await problem_of(world.arm.read(ID))).code == "unreachable"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (CUT, "unreachable"),
        (RESET, "unreachable"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
            "unreadable",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
            "unreadable",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{",
            "unreadable",
        ),
        (answer(200, [1]), "unreadable"),
        (answer(302, None, Location="http://127.0.0.1:1/"), "unreadable"),
        (answer(404, "no envelope"), "not_found"),
        (answer(403, {"error": "text"}), "forbidden"),
    ],
)
async def test_answers_that_are_none(reply: Reply, code: str) -> None:
    async with wild_server(reply) as server, arm_at(server.url) as arm:
        found = await problem_of(arm.read(ID))
        reason = await reason_of(arm.health(ID, 5))
    assert found.code == code
    assert reason


async def test_nobody_is_there(unused_tcp_port: int) -> None:
    async with arm_at(f"http://127.0.0.1:{unused_tcp_port}") as arm:
        found = await problem_of(arm.read(ID))
    assert found.code == "unreachable"
    assert "AGW_ARM_URL" in found.hint


async def test_silence_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    # One wait for an answer, or two for a connection: both fit into what a person is told.
    assert connection.ANSWER_WITHIN < failures.READ_WITHIN < 10
    assert 2 * connection.CONNECT_WITHIN < failures.READ_WITHIN
    monkeypatch.setattr(connection, "ANSWER_WITHIN", 0.2)
    async with wild_server(SILENT) as server, arm_at(server.url) as arm:
        found = await problem_of(arm.read(ID))
    assert found.code == "unreachable"
    assert server.count("GET") == 1


async def test_health_as_the_gateway_sees_it(world: World) -> None:
    await world.azure.wait_health(V2, all_healthy)
    sick, well = await world.arm.health(ID, 5), await world.arm.health(ID_V2, 5)
    assert isinstance(sick, BackendHealth)
    assert isinstance(well, BackendHealth)
    assert [each.state for each in sick.servers] == ["unhealthy"]
    assert sick.servers[0].message is not None
    assert "not whitelisted" in sick.servers[0].message
    assert {each.state for each in well.servers} == {"healthy"}


async def test_a_retry_after_of_health_is_waited_for() -> None:
    async with open_world(replace(FAST, health_seconds=1.2, retry_after=1)) as world:
        assert isinstance(await world.arm.health(ID, 10), BackendHealth)
        looks = [each for each in world.requests("GET") if "operationResults" in each.path]
        assert len(looks) == 2


async def test_a_gateway_that_azure_cannot_ask(world: World) -> None:
    world.azure.set_fault(Fault(Blind(), BACKEND_HEALTH))
    found = await world.arm.health(ID, 5)
    assert isinstance(found, BackendHealth)
    assert {each.state for each in found.servers} == {"unknown"}


@pytest.mark.parametrize("action", [BACKEND_HEALTH, OPERATION_RESULT])
async def test_health_without_permission(world: World, action: str) -> None:
    world.azure.set_fault(forbidden(action))
    reason = await reason_of(world.arm.health(ID, 5))
    assert reason.startswith(f"the bot's identity lacks {action} on /subscriptions/")


async def test_health_under_a_lock(world: World) -> None:
    world.azure.set_fault(scope_locked(BACKEND_HEALTH))
    assert "lock" in await reason_of(world.arm.health(ID, 5))


async def test_health_refused_in_azures_own_words(world: World) -> None:
    refusal = ArmError(400, "GatewayStopped", "The gateway is in the state Stopped.")
    world.azure.set_fault(Fault(Refuse(refusal), BACKEND_HEALTH))
    assert "in the state Stopped" in await reason_of(world.arm.health(ID, 5))


async def test_health_that_never_ends(world: World) -> None:
    world.azure.set_fault(Fault(NeverEnd(), BACKEND_HEALTH))
    assert (
        await reason_of(world.arm.health(ID, 0.4)) == "Azure did not report it within 0.4 seconds"
    )


async def test_health_while_azure_is_down(world: World) -> None:
    world.azure.set_fault(Fault(Down()))
    assert "cannot be reached" in await reason_of(world.arm.health(ID, 5))


async def test_health_of_no_gateway(world: World) -> None:
    assert await reason_of(world.arm.health("agw-one", 5))
    assert "no such gateway" in await reason_of(world.arm.health(f"{ID}-gone", 5))


async def test_an_error_in_place_of_the_report() -> None:
    body = {"error": {"code": "InternalServerError", "message": "An error occurred."}}
    async with wild_server(answer(200, body)) as server, arm_at(server.url) as arm:
        assert "An error occurred" in await reason_of(arm.health(ID, 5))


ELSEWHERE = "http://127.0.0.1:1/subscriptions"


@pytest.mark.parametrize(
    "ask",
    [
        lambda arm: arm.operation(f"{ELSEWHERE}/x"),
        lambda arm: arm.operation("https://management.azure.com/operations/x"),
        lambda arm: arm.list_gateways(),
    ],
)
async def test_no_token_leaves_for_another_address(
    ask: Callable[[ResourceManager], Awaitable[object]],
) -> None:
    async with (
        wild_server(answer(200, {"value": [], "nextLink": ELSEWHERE})) as server,
        arm_at(server.url) as arm,
    ):
        found = await problem_of(ask(arm))
    assert found.code == "foreign_url"
    assert "127.0.0.1" in found.message or "management.azure.com" in found.message


async def test_health_is_not_fetched_from_another_address() -> None:
    async with (
        wild_server(answer(200, {"backendAddressPools": []})) as other,
        wild_server(answer(202, None, Location=other.url + "/x")) as server,
    ):
        async with arm_at(server.url) as arm:
            assert "not this Azure" in await reason_of(arm.health(ID, 5))
        assert other.requests == []


async def test_a_redirect_is_not_followed() -> None:
    async with (
        wild_server(answer(200, {"id": ID})) as other,
        wild_server(answer(307, None, Location=other.url + "/x")) as server,
    ):
        async with arm_at(server.url) as arm:
            assert (await problem_of(arm.read(ID))).code == "unreadable"
            assert (await problem_of(arm.operation(server.url + "/x"))).code == "unreadable"
        assert other.requests == []
