"""App Service Environments in other subscriptions than the gateway's."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.arm.environment_reader import EnvironmentDocuments
from bot.core.model.marked import mark
from bot.core.model.unavailable import Unavailable
from bot.lab.azure import forbidden
from bot.lab.azure.faults import ENVIRONMENTS, SUBSCRIPTIONS, WEB_CERTIFICATES, Fault, Wait
from tests.azure.conftest import World, arm_at, open_world
from tests.azure.test_environments import (
    ELSEWHERE,
    V2_ENVIRONMENT,
    V3_ENVIRONMENT,
    asked,
    behind,
    parts,
)
from tests.lab.azure.world import SUBSCRIPTION, V1

PEER = "99999999-2222-3333-4444-555555555555"
OTHER = "88888888-2222-3333-4444-555555555555"
THERE = replace(V3_ENVIRONMENT, subscription=PEER)
FARTHER = replace(ELSEWHERE, subscription=OTHER)

Parts = tuple[EnvironmentDocuments | Unavailable, ...]


def names(found: Parts) -> list[list[str] | str]:
    """The environments of each part, or why there is none."""
    return [
        it.reason
        if isinstance(it, Unavailable)
        else [str(each["name"]) for each, _ in it.environments]
        for it in found
    ]


def looked_into(world: World) -> list[str]:
    """The subscriptions whose environments were listed, in order."""
    listed = [it.path for it in world.azure.requests if it.action == ENVIRONMENTS]
    return [path.split("/")[2] for path in listed]


async def test_one_is_found_in_another_subscription() -> None:
    async with open_world(behind(THERE)) as world:
        found = await parts(world)
    assert names(found) == [[], ["ase-one"]]


async def test_its_certificates_are_those_of_its_own_subscription() -> None:
    there = replace(V2_ENVIRONMENT, subscription=PEER)
    async with open_world(behind(there)) as world:
        _, found = await parts(world)
        asked_for = [it.path for it in world.azure.requests if it.action == WEB_CERTIFICATES]
    assert isinstance(found, EnvironmentDocuments)
    assert not isinstance(found.certificates, Unavailable)
    assert len(found.certificates) == 1
    assert [path.split("/")[2] for path in asked_for] == [PEER]


async def test_where_the_own_subscription_explains_every_member_no_other_is_asked() -> None:
    async with open_world(behind(V3_ENVIRONMENT, THERE)) as world:
        assert names(await parts(world)) == [["ase-one"]]
        assert looked_into(world) == [SUBSCRIPTION]
        assert not any(it.action == SUBSCRIPTIONS for it in world.azure.requests)


async def test_one_member_that_is_not_explained_is_enough_to_ask() -> None:
    async with open_world(behind(V3_ENVIRONMENT, replace(THERE, inbound="10.1.5.12"))) as world:
        document: Any = world.azure.gateway(V1)
        (pool,) = document["properties"]["backendAddressPools"]
        pool["properties"]["backendAddresses"].append({"ipAddress": "10.1.5.12"})
        found = await world.arm.environments(document, 5.0)
    assert names(found) == [["ase-one"], ["ase-one"]]


async def test_no_private_pool_member_asks_nobody() -> None:
    async with open_world(behind(THERE)) as world:
        document: Any = world.azure.gateway(V1)
        (pool,) = document["properties"]["backendAddressPools"]
        pool["properties"]["backendAddresses"] = [{"ipAddress": "8.8.8.8"}]
        assert await world.arm.environments(document, 5.0) == ()
        assert asked(world) == []


@pytest.mark.parametrize("refused", [SUBSCRIPTION, OTHER])
async def test_a_refusal_in_one_hides_none_of_the_others(refused: str) -> None:
    async with open_world(behind(FARTHER, THERE)) as world:
        world.azure.set_fault(forbidden(ENVIRONMENTS, subscription=refused))
        own, farther, there = names(await parts(world))
    assert there == ["ase-one"]
    told = own if refused == SUBSCRIPTION else farther
    assert f"the bot's identity lacks {ENVIRONMENTS} on /subscriptions/{refused}" in told
    assert (own == []) is (refused == OTHER)


async def test_a_slow_one_hides_none_of_the_others() -> None:
    async with open_world(behind(FARTHER, THERE)) as world:
        world.azure.set_fault(Fault(Wait(9.0), ENVIRONMENTS, subscription=OTHER))
        found = names(await parts(world, 2.0))
    late = f"in subscription {mark(OTHER)}, Azure did not show it within 2 seconds"
    assert found == [[], late, ["ase-one"]]


async def test_others_are_asked_side_by_side() -> None:
    several = tuple(replace(THERE, subscription=f"{number}-{OTHER}") for number in range(8))
    async with open_world(behind(*several)) as world:
        world.azure.set_fault(Fault(Wait(5.0), ENVIRONMENTS))
        found = names(await parts(world, 30.0))
    assert found == [[], *[["ase-one"]] * 8]


async def test_only_so_many_are_asked() -> None:
    many = [f"{number}-{OTHER}" for number in range(40)]
    async with open_world(behind()) as world, arm_at(world.azure.url, many) as arm:
        found = names(await arm.environments(world.azure.gateway(V1), 9.0))
        assert looked_into(world)[0] == SUBSCRIPTION
        assert sorted(looked_into(world)[1:]) == sorted(many[:32])
    assert found == [*[[]] * 33, "there are too many subscriptions to read them all"]


async def test_only_the_subscriptions_in_use_are_asked() -> None:
    chosen = (SUBSCRIPTION.upper(), OTHER)
    async with open_world(behind(FARTHER, THERE)) as world, arm_at(world.azure.url, chosen) as arm:
        found = names(await arm.environments(world.azure.gateway(V1), 5.0))
        assert looked_into(world) == [SUBSCRIPTION, OTHER]
    assert found == [[], ["ase-two"]]


async def test_without_the_list_of_subscriptions_the_own_one_still_counts() -> None:
    async with open_world(behind(ELSEWHERE)) as world:
        world.azure.set_fault(forbidden(SUBSCRIPTIONS))
        own, others = names(await parts(world))
    assert own == ["ase-two"]
    assert (
        f"the other subscriptions are not known: the bot's identity lacks {SUBSCRIPTIONS}" in others
    )
