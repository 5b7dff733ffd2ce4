"""The network around a gateway, as far as it may be read."""

from dataclasses import replace
from typing import Any

from bot.core.model.network import GatewayNetwork, RouteTable, SecurityGroup, UserDefinedRoute
from bot.core.model.unavailable import Unavailable
from bot.lab.azure import forbidden
from bot.lab.azure.faults import SUBNET, Fault, Wait
from tests.azure.conftest import FAST, ID, World, arm_at, open_world
from tests.lab.azure.world import V1

AROUND = ID.partition("/applicationGateways/")[0]
NETWORK = f"{AROUND}/virtualNetworks/vnet-{V1}"
SUBNET_ID = f"{NETWORK}/subnets/gateway"
GROUP_ID = f"{AROUND}/networkSecurityGroups/nsg-gateway"
TABLE_ID = f"{AROUND}/routeTables/rt-gateway"
DENY: Any = {
    "name": "DenyAll",
    "properties": {
        "priority": 100,
        "direction": "Inbound",
        "access": "Deny",
        "protocol": "*",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*",
    },
}
DEFAULT: Any = {
    "name": "default",
    "properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance"},
}
NETWORKS: Any = {
    NETWORK: {"dhcpOptions": {"dnsServers": ["10.0.0.4"]}},
    SUBNET_ID: {
        "addressPrefix": "10.0.1.0/24",
        "networkSecurityGroup": {"id": GROUP_ID},
        "routeTable": {"id": TABLE_ID},
    },
    GROUP_ID: {"securityRules": [DENY]},
    TABLE_ID: {"routes": [DEFAULT]},
}


async def around(world: World, timeout: float = 5.0) -> GatewayNetwork | Unavailable:
    return await world.arm.gateway_network(world.azure.gateway(V1), timeout)


async def test_everything_is_read() -> None:
    async with open_world(replace(FAST, networks=NETWORKS)) as world:
        found = await around(world)
    assert isinstance(found, GatewayNetwork)
    assert (found.subnet, found.prefixes) == ("gateway", ("10.0.1.0/24",))
    assert found.dns_servers == ("10.0.0.4",)
    assert found.route_table == RouteTable(
        "rt-gateway", (UserDefinedRoute("default", "0.0.0.0/0", "VirtualAppliance"),)
    )
    assert isinstance(found.security_group, SecurityGroup)
    assert [rule.name for rule in found.security_group.rules] == ["DenyAll"]


async def test_a_plain_network_has_nothing_around_it(world: World) -> None:
    assert await around(world) == GatewayNetwork("gateway", ("10.0.0.0/24",), None, None, ())


async def test_what_is_gone_is_not_read_and_the_rest_is() -> None:
    networks = {path: found for path, found in NETWORKS.items() if path != GROUP_ID}
    async with open_world(replace(FAST, networks=networks)) as world:
        found = await around(world)
    assert isinstance(found, GatewayNetwork)
    assert found.security_group == Unavailable("Azure does not show it")
    assert isinstance(found.route_table, RouteTable)


async def test_a_missing_permission_is_a_reason_and_no_error(world: World) -> None:
    world.azure.set_fault(forbidden(SUBNET))
    found = await around(world)
    assert isinstance(found, Unavailable)
    assert SUBNET in found.reason


async def test_it_waits_no_longer_than_it_says(world: World) -> None:
    world.azure.set_fault(Fault(Wait(5.0), SUBNET))
    assert await around(world, 0.2) == Unavailable("Azure did not show it within 0.2 seconds")


async def test_a_gateway_without_a_subnet_has_no_surroundings(world: World) -> None:
    document = world.azure.gateway(V1)
    document["properties"]["gatewayIPConfigurations"] = []
    asked = len(world.azure.requests)
    assert isinstance(await world.arm.gateway_network(document, 5.0), Unavailable)
    assert len(world.azure.requests) == asked


async def test_an_azure_that_cannot_be_reached_is_a_reason(world: World) -> None:
    async with arm_at("http://127.0.0.1:1") as arm:
        found = await arm.gateway_network(world.azure.gateway(V1), 5.0)
    assert isinstance(found, Unavailable)
