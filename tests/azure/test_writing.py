"""The PUT of a gateway and its operation, against the lab's Azure."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from bot.core.arm.document import GATEWAY_API_VERSION, Document, document_of
from bot.core.arm.edit import Value, apply, undone
from bot.core.arm.operations import Accepted, OperationState
from bot.core.arm.verification import differences
from bot.core.problem import Problem
from bot.lab.azure import FailLater, Fault, NeverEnd, forbidden, linked_forbidden, scope_locked
from bot.lab.azure.faults import WRITE
from tests.azure.conftest import FAST, ID, ID_V2, World, open_world
from tests.lab.azure.world import V1, v2_gateway


async def put(world: World, **changes: Any) -> tuple[Accepted, Document]:
    document = {**await world.arm.read(ID), **changes}
    return await world.arm.put(ID, document, document["etag"], "change-1"), document


async def refused(world: World, **changes: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        await put(world, **changes)
    return caught.value


async def end_of(world: World, accepted: Accepted) -> OperationState:
    assert accepted.operation_url is not None
    async with asyncio.timeout(5):
        while True:
            state = await world.arm.operation(accepted.operation_url)
            if state.state != "running":
                return state
            await asyncio.sleep(0.01)


async def test_gateways_are_read_listed_and_written_in_one_version(world: World) -> None:
    """Which is also that of a change told as code."""
    await put(world)
    await world.arm.list_gateways()
    asked = [it for it in world.azure.requests if "applicationGateways" in it.path]
    assert {it.method for it in asked} == {"GET", "PUT"}
    assert {it.query["api-version"] for it in asked} == {GATEWAY_API_VERSION}


async def test_the_document_goes_out_as_it_was_given(world: World) -> None:
    accepted, document = await put(world, tags={"by": "us"})
    [sent] = world.requests("PUT")
    assert sent.body == document
    assert sent.headers["If-Match"] == document["etag"]
    assert sent.headers["x-ms-client-request-id"] == "change-1"
    assert accepted.correlation
    assert (await end_of(world, accepted)).state == "succeeded"
    assert world.azure.gateway(V1)["tags"] == {"by": "us"}


ADVANCED_SINCE = "2026-01-01"
"""Older versions know neither `advancedRoutingMaps` nor `authConfigs` (azure-mgmt-network, release 33.0.0)."""


def newest_gateway() -> dict[str, Any]:
    """A v2 gateway with parts of the newest version, and with some that nobody knows."""
    binding = {"name": "entra", "authenticationPolicy": {"id": "/subscriptions/s1/policies/p"}}
    ends = {
        "defaultBackendAddressPool": {"id": "backendAddressPools/pool"},
        "defaultBackendHttpSettings": {"id": "backendHttpSettingsCollection/https"},
    }
    rules = {"advancedRoutingRules": [{"name": "r", "properties": {"priority": 1}}]}
    condition = {"conditionType": "Method", "propertyValues": ["GET"]}
    return v2_gateway(
        advancedRoutingMaps=[
            {"name": "map", "properties": {**ends, **rules, "defaultAuthConfigs": [binding]}}
        ],
        advancedRoutingConditionSets=[
            {"name": "set", "properties": {"routingConditions": [condition]}}
        ],
        reservedCapacity=3,
        nobodyKnows=[{"name": "x", "properties": {"a": None, "b": []}}, 7, "text"],
    )


async def test_a_change_keeps_what_is_newer_or_unknown() -> None:
    async with open_world(gateways=[newest_gateway()]) as world:
        before = await world.arm.read(ID_V2)
        edit = Value("probes", "probe", "path", "/", "/health")
        changed = apply([edit], before)
        await end_of(world, await world.arm.put(ID_V2, changed, before["etag"], "change-1"))
        after = await world.arm.read(ID_V2)
        assert differences(changed, after) == ()
        assert json.dumps(after["properties"]["nobodyKnows"]) == json.dumps(
            before["properties"]["nobodyKnows"]
        )
        assert "defaultAuthConfigs" in after["properties"]["advancedRoutingMaps"][0]["properties"]
        [sent] = world.requests("PUT")
        assert apply(undone([edit]), document_of(sent.body)) == before


async def test_no_request_for_a_gateway_uses_an_older_version_than_another(world: World) -> None:
    await put(world)
    await world.arm.list_gateways()
    versions = {
        it.query["api-version"] for it in world.azure.requests if "/applicationGateways" in it.path
    }
    assert len(versions) == 1
    assert min(versions) >= ADVANCED_SINCE


async def test_an_operation_under_way_says_when_to_look_again() -> None:
    async with open_world(replace(FAST, retry_after=4)) as world:
        world.azure.set_fault(Fault(NeverEnd(), WRITE))
        accepted, _ = await put(world)
        assert accepted.operation_url is not None
        state = await world.arm.operation(accepted.operation_url)
    assert state == OperationState("running", 4.0)


async def test_an_operation_that_fails_says_why(world: World) -> None:
    world.azure.set_fault(Fault(FailLater("SubnetIsFull", "No address is left."), WRITE))
    accepted, _ = await put(world)
    state = await end_of(world, accepted)
    assert (state.state, state.code, state.message) == (
        "failed",
        "SubnetIsFull",
        "No address is left (SubnetIsFull)",
    )


async def test_an_operation_that_another_one_superseded(world: World) -> None:
    world.azure.set_fault(Fault(NeverEnd(), WRITE, times=1))
    first, _ = await put(world)
    await put(world)
    state = await end_of(world, first)
    assert state.state == "canceled"
    assert state.code == "CanceledAndSupersededDueToAnotherOperation"
    assert "superseded" in state.message


async def test_an_operation_that_is_forgotten(world: World) -> None:
    accepted, _ = await put(world)
    assert accepted.operation_url is not None
    with pytest.raises(Problem) as caught:
        await world.arm.operation(accepted.operation_url.replace("/operations/", "/operations/0"))
    assert caught.value.code == "not_found"


async def test_an_old_etag_is_refused(world: World) -> None:
    document = await world.arm.read(ID)
    changed = world.azure.edit(V1, lambda it: it.update(tags={"by": "somebody else"}))
    with pytest.raises(Problem) as caught:
        await world.arm.put(ID, document, document["etag"], "change-1")
    assert caught.value.code == "etag_mismatch"
    assert world.azure.gateway(V1) == changed


async def test_a_collision_is_busy() -> None:
    # The first operation does not end before the second request: its end would bring a new etag.
    async with open_world(replace(FAST, lock_seconds=60, put_seconds=60)) as world:
        await put(world)
        found = await refused(world)
        assert found.code == "busy"
        assert len(world.requests("PUT")) == 2


async def test_missing_permissions(world: World) -> None:
    world.azure.set_fault(forbidden(WRITE))
    found = await refused(world)
    assert found.code == "forbidden"
    assert f"lacks {WRITE} on {ID}" in found.message
    world.azure.clear_faults()
    world.azure.set_fault(linked_forbidden())
    found = await refused(world)
    assert found.code == "forbidden"
    assert "also needs Microsoft.Network/virtualNetworks/subnets/join/action" in found.message


async def test_a_lock(world: World) -> None:
    world.azure.set_fault(scope_locked())
    found = await refused(world)
    assert found.code == "locked"
    assert "a lock forbids it: The scope" in found.message


async def test_what_a_generation_does_not_have(world: World) -> None:
    document = await world.arm.read(ID)
    sku = {"name": "Standard_v2", "tier": "Standard_v2", "capacity": 2}
    found = await refused(world, properties={**document["properties"], "sku": sku})
    assert found.code == "invalid"
    assert "(ApplicationGatewayFeatureCannotBeEnabledForSelectedSku)" in found.message


async def test_a_reference_to_nothing(world: World) -> None:
    document = await world.arm.read(ID)
    found = await refused(world, properties={**document["properties"], "probes": []})
    assert found.code == "invalid"
    assert "(InvalidResourceReference)" in found.message
