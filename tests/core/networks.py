"""Documents of the network around a gateway, shaped as ARM's answers are."""

from typing import Any

from bot.core.arm.document import Json
from bot.core.arm.network_reader import NetworkDocuments, read_network
from bot.core.model.network import GatewayNetwork
from bot.core.model.unavailable import Unavailable

ALLOW_VNET: Json = {
    "name": "AllowVnetInBound",
    "properties": {
        "priority": 65000,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "*",
        "sourceAddressPrefix": "VirtualNetwork",
        "destinationAddressPrefix": "VirtualNetwork",
        "destinationPortRange": "*",
    },
}
DENY_ALL: Json = {
    "name": "DenyAllInBound",
    "properties": {
        "priority": 65500,
        "direction": "Inbound",
        "access": "Deny",
        "protocol": "*",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*",
    },
}


def security_rule(name: str, access: str = "Allow", **changes: Any) -> Json:
    """A rule about the ports of v2 from GatewayManager to anything."""
    properties: Json = {
        "priority": 100,
        "direction": "Inbound",
        "access": access,
        "protocol": "Tcp",
        "sourceAddressPrefix": "GatewayManager",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "65200-65535",
    }
    return {"name": name, "properties": properties | changes}


def security_group(*rules: Json) -> Json:
    """A security group with Azure's own rules behind those given."""
    return {
        "name": "nsg",
        "properties": {
            "securityRules": list(rules),
            "defaultSecurityRules": [ALLOW_VNET, DENY_ALL],
        },
    }


def route_table(prefix: str = "0.0.0.0/0", next_hop: str = "VirtualAppliance") -> Json:
    """A route table with one route."""
    return routed(("default", prefix, next_hop))


def routed(*routes: tuple[str, str, str]) -> Json:
    """A route table with these routes: name, prefix, next hop."""
    found = [
        {"name": name, "properties": {"addressPrefix": prefix, "nextHopType": hop}}
        for name, prefix, hop in routes
    ]
    return {"name": "routes", "properties": {"routes": found}}


def around(
    group: Json | Unavailable | None = None,
    table: Json | Unavailable | None = None,
    dns: tuple[str, ...] = (),
) -> GatewayNetwork:
    """The surroundings that such documents mean; the subnet is 10.0.0.0/24."""
    subnet = {"name": "gateway", "properties": {"addressPrefix": "10.0.0.0/24"}}
    network = {"properties": {"dhcpOptions": {"dnsServers": list(dns)}}}
    found = read_network(NetworkDocuments(subnet, network, group, table))
    assert isinstance(found, GatewayNetwork)
    return found
