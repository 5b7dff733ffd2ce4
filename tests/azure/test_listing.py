"""All gateways of all subscriptions, and what is said of those that cannot be read."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.azure import ResourceManager
from bot.azure.bounded import MOST_BYTES
from bot.azure.listing import ALL_WITHIN, AT_ONCE, MOST_PAGES
from bot.core.problem import Problem
from bot.lab.azure import AzureLab, Fault, Refuse, forbidden
from bot.lab.azure.errors import ArmError
from bot.lab.azure.faults import READ, SUBSCRIPTIONS
from bot.lab.backends import Backends
from tests.azure.conftest import FAST, World, arm_at, open_world
from tests.azure.wild import Reply, Request, answer, error, raw, wild_server
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


FIRST = "/subscriptions/sick/providers/Microsoft.Network/applicationGateways"


def pages_back(url: str) -> Callable[[Request], Reply]:
    return lambda it: answer(200, {"value": [v1_gateway()], "nextLink": url + it.target})


def pages_on(url: str) -> Callable[[Request], Reply]:
    def reply(request: Request) -> Reply:
        number = int(request.target.partition("page=")[2] or 0) + 1
        link = f"{url}{FIRST}?page={number}"
        return answer(200, {"value": [v1_gateway()] if number == 1 else [], "nextLink": link})

    return reply


def pages_long(url: str) -> Callable[[Request], Reply]:
    filler = "x" * (MOST_BYTES - 200_000)

    def reply(request: Request) -> Reply:
        number = int(request.target.partition("page=")[2] or 0) + 1
        value = [v1_gateway()] if number == 1 else []
        link = f"{url}{FIRST}?page={number}"
        return answer(200, {"value": value, "filler": filler, "nextLink": link})

    return reply


def second_page(reply: Reply) -> Callable[[str], Callable[[Request], Reply]]:
    def sick(url: str) -> Callable[[Request], Reply]:
        def replied(request: Request) -> Reply:
            if "page=2" in request.target:
                return reply
            return answer(200, {"value": [v1_gateway()], "nextLink": f"{url}{FIRST}?page=2"})

        return replied

    return sick


@pytest.mark.parametrize(
    ("sick", "because", "most"),
    [
        (pages_back, "its pages lead back to one that was read already", 1),
        (pages_on, f"it has more than {MOST_PAGES} pages", MOST_PAGES),
        (pages_long, "it is longer than 32 MB", 5),
        (second_page("silent"), "the next page could not be read: Azure does not answer", 2),
        (second_page(error(500, "Broken")), "the next page could not be read: Azure itself", 4),
        (second_page(raw(200, b"<html>")), "the next page could not be read: the answer is not", 2),
    ],
)
async def test_a_sick_list_ends_and_keeps_what_it_has(
    sick: Callable[[str], Callable[[Request], Reply]], because: str, most: int
) -> None:
    def reply(request: Request) -> Reply:
        if request.target.startswith(FIRST):
            return sick(server.url)(request)
        return answer(200, {"value": [v1_gateway()]})

    async with wild_server(reply) as server, arm_at(server.url, ["sick", "well"]) as arm:
        found = await arm.list_gateways()
    assert len(found.gateways) == 2
    (gap,) = found.gaps
    assert gap.startswith(f"Could not list the gateways of subscription sick whole: {because}"), gap
    assert sum(it.target.startswith(FIRST) for it in server.requests) <= most


async def test_a_list_of_subscriptions_that_never_ends_is_told_and_used() -> None:
    def reply(request: Request) -> Reply:
        if request.target.startswith("/subscriptions?"):
            number = int(request.target.partition("page=")[2] or 0) + 1
            shown = [{"subscriptionId": SUBSCRIPTION}] if number == 1 else []
            return answer(
                200, {"value": shown, "nextLink": f"{server.url}/subscriptions?page={number}"}
            )
        return answer(200, {"value": [v1_gateway()]})

    async with wild_server(reply) as server, arm_at(server.url) as arm:
        found = await arm.list_gateways()
    assert len(found.gateways) == 1
    assert found.gaps == (
        f"Could not list the subscriptions whole: it has more than {MOST_PAGES} pages.",
    )


async def test_silent_subscriptions_do_not_hold_up_the_others() -> None:
    ids = [f"sick{number}" for number in range(AT_ONCE)]

    def reply(request: Request) -> Reply:
        return answer(200, {"value": [v1_gateway()]}) if "well" in request.target else "silent"

    async with wild_server(reply) as server, arm_at(server.url, [*ids, "well"]) as arm:
        began = asyncio.get_running_loop().time()
        found = await arm.list_gateways()
        assert asyncio.get_running_loop().time() - began <= ALL_WITHIN
    assert (len(found.gateways), len(found.gaps)) == (1, AT_ONCE)


async def test_an_impatient_listing_says_what_it_left_out() -> None:
    def reply(request: Request) -> Reply:
        return answer(200, {"value": [v1_gateway()]}) if "well" in request.target else "silent"

    async with wild_server(reply) as server, arm_at(server.url, ["well", "sick"]) as arm:
        began = asyncio.get_running_loop().time()
        found = await arm.list_gateways(timeout=2)
        assert asyncio.get_running_loop().time() - began < 3
    assert len(found.gateways) == 1
    assert found.gaps == (
        "Could not list the gateways of subscription sick: there was no time for it.",
    )
