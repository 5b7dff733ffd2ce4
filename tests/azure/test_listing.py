"""All gateways of all subscriptions, and what is said of those that cannot be read."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.azure import ResourceManager
from bot.core.problem import Problem
from bot.lab.azure import AzureLab, Fault, Refuse, forbidden
from bot.lab.azure.errors import ArmError
from bot.lab.azure.faults import READ, SUBSCRIPTIONS
from bot.lab.backends import Backends
from tests.azure.conftest import FAST, World, arm_at, open_world
from tests.azure.wild import Reply, Request, answer, error, wild_server
from tests.lab.azure.world import SUBSCRIPTION, V1, V2, v1_gateway

OTHER = "99999999-8888-7777-6666-555555555555"


async def names_of(arm: ResourceManager) -> list[str]:
    return [each["name"] for each in (await arm.list_gateways()).gateways]


async def test_every_subscription_that_can_be_seen(world: World) -> None:
    found = await world.arm.list_gateways()
    assert found.gateways == (world.azure.gateway(V1), world.azure.gateway(V2))
    assert found.gaps == ()


async def test_a_list_in_pages() -> None:
    async with open_world(replace(FAST, page_size=1)) as world:
        assert await names_of(world.arm) == [V1, V2]


async def test_the_subscriptions_of_the_settings_only(world: World) -> None:
    async with arm_at(world.azure.url, [SUBSCRIPTION]) as arm:
        assert await names_of(arm) == [V1, V2]
    assert not any(each.path == "/subscriptions" for each in world.azure.requests)


async def test_one_that_cannot_be_read_is_a_gap(world: World) -> None:
    async with arm_at(world.azure.url, [OTHER, SUBSCRIPTION]) as arm:
        found = await arm.list_gateways()
    assert len(found.gateways) == 2
    assert found.gaps == (
        f"Could not list the gateways of subscription {OTHER}: "
        "the bot's identity cannot see this subscription.",
    )


async def test_none_that_can_be_read_is_a_problem(world: World) -> None:
    world.azure.set_fault(forbidden(READ))
    with pytest.raises(Problem, match=f"lacks {READ}") as caught:
        await world.arm.list_gateways()
    assert caught.value.code == "forbidden"


async def test_subscriptions_that_may_not_be_listed(world: World) -> None:
    world.azure.set_fault(forbidden(SUBSCRIPTIONS))
    with pytest.raises(Problem, match="Could not list the subscriptions"):
        await world.arm.list_gateways()


async def test_no_subscription_at_all() -> None:
    async with (
        Backends.open([]) as backends,
        AzureLab.open([], backends, None, FAST) as azure,
        arm_at(azure.url) as arm,
    ):
        with pytest.raises(Problem) as caught:
            await arm.list_gateways()
    assert caught.value.code == "no_subscription"


async def test_a_subscription_without_network_is_empty_and_stays_as_it_is(world: World) -> None:
    refusal = ArmError(
        409,
        "MissingSubscriptionRegistration",
        "The subscription is not registered to use namespace 'Microsoft.Network'.",
    )
    world.azure.set_fault(Fault(Refuse(refusal), READ))
    found = await world.arm.list_gateways()
    assert (found.gateways, found.gaps) == ((), ())
    # Left to itself, Microsoft's client would register the subscription with a POST.
    assert {each.method for each in world.azure.requests} == {"GET"}


@pytest.mark.parametrize("page", [None, [], {}, {"value": None}, {"value": [{"no": "id"}]}])
async def test_a_list_of_subscriptions_that_is_none(page: Any) -> None:
    async with wild_server(answer(200, page)) as server, arm_at(server.url) as arm:
        with pytest.raises(Problem):
            await arm.list_gateways()


@asynccontextmanager
async def many(count: int) -> AsyncIterator[tuple[ResourceManager, Sequence[str]]]:
    """As many subscriptions, on two pages, with one gateway each; every third is forbidden."""
    ids = [f"{number:08}-0000-0000-0000-000000000000" for number in range(count)]

    def reply(request: Request) -> Reply:
        if request.target.startswith("/subscriptions?"):
            first = "page=2" not in request.target
            shown = ids[: count // 2] if first else ids[count // 2 :]
            link = {"nextLink": f"{server.url}/subscriptions?page=2"} if first else {}
            return answer(200, {"value": [{"subscriptionId": each} for each in shown], **link})
        number = int(request.target.split("/")[2][:8])
        if number % 3 == 0:
            return error(403, "AuthorizationFailed")
        return answer(200, {"value": [{**v1_gateway(), "name": f"agw-{number}"}]})

    async with wild_server(reply) as server, arm_at(server.url) as arm:
        yield arm, ids


async def test_many_subscriptions_keep_their_order() -> None:
    async with many(30) as (arm, ids):
        found = await arm.list_gateways()
    assert [each["name"] for each in found.gateways] == [
        f"agw-{number}" for number in range(30) if number % 3
    ]
    assert len(found.gaps) == 10
    assert ids[3] in found.gaps[1]
