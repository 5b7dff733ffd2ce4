"""The App Service Environments among the pool members, as far as they may be read."""

from dataclasses import replace

import pytest

from bot.core.arm.environment_reader import EnvironmentDocuments, inbound
from bot.core.model.unavailable import Unavailable
from bot.lab.azure import HostingEnvironment, Options, forbidden
from bot.lab.azure.errors import ArmError
from bot.lab.azure.faults import (
    ENVIRONMENTS,
    NETWORKING,
    VIRTUAL_IP,
    WEB_CERTIFICATES,
    Fault,
    Refuse,
    Wait,
)
from tests.azure.conftest import FAST, World, arm_at, open_world
from tests.lab.azure.world import DEFAULT, IP, SUBSCRIPTION, V1

V2_ENVIRONMENT = HostingEnvironment(
    SUBSCRIPTION,
    "rg-ase",
    "ase-one",
    "ASEV2",
    inbound=IP,
    dns_suffix="ilb.example.com",
    ilb_certificates=(DEFAULT,),
)
V3_ENVIRONMENT = replace(V2_ENVIRONMENT, kind="ASEV3", ilb_certificates=())
ELSEWHERE = replace(V2_ENVIRONMENT, name="ase-two", inbound="10.9.9.9")


def behind(*environments: HostingEnvironment, page_size: int | None = None) -> Options:
    return replace(FAST, environments=environments, page_size=page_size)


async def parts(
    world: World, timeout: float = 5.0
) -> tuple[EnvironmentDocuments | Unavailable, ...]:
    return await world.arm.environments(world.azure.gateway(V1), timeout)


async def look(world: World, timeout: float = 5.0) -> EnvironmentDocuments | Unavailable:
    """In the gateway's own subscription."""
    return (await parts(world, timeout))[0]


async def read(world: World) -> EnvironmentDocuments:
    found = await look(world)
    assert isinstance(found, EnvironmentDocuments)
    return found


def asked(world: World) -> list[str]:
    """The actions of what was asked of App Service."""
    return [it.action for it in world.azure.requests if "Microsoft.Web" in it.path]


async def test_v2_comes_with_its_addresses_and_certificates() -> None:
    async with open_world(behind(V2_ENVIRONMENT)) as world:
        found = await read(world)
        assert asked(world) == [ENVIRONMENTS, VIRTUAL_IP, WEB_CERTIFICATES]
    ((environment, addresses),) = found.environments
    assert environment["name"] == "ase-one"
    assert inbound(addresses) == (IP,)
    assert not isinstance(found.certificates, Unavailable)
    (held,) = found.certificates
    assert held["properties"]["cerBlob"] == DEFAULT.base64_der
    assert held["name"].endswith("_ase-one_InternalLoadBalancingASE")


async def test_v3_comes_with_its_addresses_and_no_certificates() -> None:
    async with open_world(behind(V3_ENVIRONMENT)) as world:
        found = await read(world)
        assert asked(world) == [ENVIRONMENTS, NETWORKING]
    ((_, addresses),) = found.environments
    assert inbound(addresses) == (IP,)
    assert found.certificates == ()


async def test_certificates_are_only_asked_for_where_there_is_something_to_compare() -> None:
    async with open_world(behind(ELSEWHERE)) as world:
        await read(world)
        assert asked(world) == [ENVIRONMENTS, VIRTUAL_IP]


async def test_what_is_on_the_internet_is_passed_over() -> None:
    async with open_world(behind(replace(V2_ENVIRONMENT, mode="None"))) as world:
        assert await read(world) == EnvironmentDocuments()
        assert asked(world) == [ENVIRONMENTS]


async def test_no_private_pool_member_no_request() -> None:
    async with open_world(behind(V2_ENVIRONMENT)) as world:
        document = world.azure.gateway(V1)
        (pool,) = document["properties"]["backendAddressPools"]
        pool["properties"]["backendAddresses"] = [{"fqdn": "shop.example.com"}]
        assert await world.arm.environments(document, 5.0) == ()
        assert asked(world) == []


async def test_lists_are_read_to_their_end() -> None:
    several = (ELSEWHERE, replace(ELSEWHERE, name="ase-three"), V2_ENVIRONMENT)
    async with open_world(behind(*several, page_size=1)) as world:
        found = await read(world)
    assert [it["name"] for it, _ in found.environments] == ["ase-two", "ase-three", "ase-one"]
    assert not isinstance(found.certificates, Unavailable)
    assert len(found.certificates) == 3


async def test_a_list_that_is_too_long_is_not_read_in_part() -> None:
    renewed = replace(V2_ENVIRONMENT, ilb_certificates=(DEFAULT,) * 6)
    async with open_world(behind(renewed, page_size=1)) as world:
        found = await read(world)
    assert found.certificates == Unavailable("the list is too long to be read whole")


async def test_only_so_many_environments_are_looked_at() -> None:
    many = [replace(ELSEWHERE, name=f"ase-{number}") for number in range(10)]
    async with open_world(behind(*many)) as world:
        found = await read(world)
        assert asked(world).count(VIRTUAL_IP) == 8
    unasked = [it for _, it in found.environments if isinstance(it, Unavailable)]
    assert [it.reason for it in unasked] == [
        "there are too many App Service Environments to read them all"
    ] * 2


async def test_a_missing_permission_is_a_reason_and_no_error() -> None:
    async with open_world(behind(V2_ENVIRONMENT)) as world:
        world.azure.set_fault(forbidden(ENVIRONMENTS))
        found = await look(world)
        assert isinstance(found, Unavailable)
        assert found.reason.startswith(f"the bot's identity lacks {ENVIRONMENTS} on ")


@pytest.mark.parametrize("action", [VIRTUAL_IP, WEB_CERTIFICATES])
async def test_a_part_that_may_not_be_read_leaves_the_rest(action: str) -> None:
    async with open_world(behind(V2_ENVIRONMENT)) as world:
        world.azure.set_fault(forbidden(action))
        found = await read(world)
    ((environment, addresses),) = found.environments
    assert environment["name"] == "ase-one"
    assert isinstance(addresses, Unavailable) is (action == VIRTUAL_IP)
    assert isinstance(found.certificates, Unavailable) is (action == WEB_CERTIFICATES)


async def test_an_environment_that_is_gone_meanwhile_is_not_shown() -> None:
    gone = ArmError(404, "ResourceNotFound", "It is gone.")
    async with open_world(behind(V2_ENVIRONMENT)) as world:
        world.azure.set_fault(Fault(Refuse(gone), VIRTUAL_IP))
        ((_, addresses),) = (await read(world)).environments
    assert addresses == Unavailable("Azure does not show it")


async def test_a_subscription_without_app_service_has_none(world: World) -> None:
    unknown = ArmError(409, "MissingSubscriptionRegistration", "Not registered.")
    world.azure.set_fault(Fault(Refuse(unknown), ENVIRONMENTS))
    assert await read(world) == EnvironmentDocuments()


async def test_it_waits_no_longer_than_it_says(world: World) -> None:
    world.azure.set_fault(Fault(Wait(5.0), ENVIRONMENTS))
    assert await look(world, 0.2) == Unavailable("Azure did not show it within 0.2 seconds")


async def test_an_azure_that_cannot_be_reached_is_a_reason(world: World) -> None:
    async with arm_at("http://127.0.0.1:1") as arm:
        found = await arm.environments(world.azure.gateway(V1), 5.0)
    assert all(isinstance(it, Unavailable) for it in found)
