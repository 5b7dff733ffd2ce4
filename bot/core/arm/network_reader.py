"""ARM's JSON of a subnet and what hangs on it -> `GatewayNetwork`. Read as defensively as a gateway.

Shapes: Azure/azure-rest-api-specs, specification/network/resource-manager/Microsoft.Network/stable/2024-05-01,
examples/SubnetGet.json, NetworkSecurityGroupGet.json, RouteTableGet.json, VirtualNetworkGet.json.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.arm.document import Document, items, mapping_of, properties_of, text_of
from bot.core.model.network import (
    GatewayNetwork,
    RouteTable,
    SecurityGroup,
    SecurityRule,
    UserDefinedRoute,
)
from bot.core.model.unavailable import Unavailable

Part = Document | Unavailable | None
"""A document, why it could not be read, or None where there is no such thing."""


@dataclass(frozen=True, slots=True)
class NetworkDocuments:
    """The documents around one gateway, as ARM sent them."""

    subnet: Part
    network: Part
    security_group: Part
    route_table: Part


def references(subnet: Document) -> tuple[str | None, str | None]:
    """The ids of the subnet's security group and route table, as they are written."""
    found = properties_of(subnet)
    return _id(found.get("networkSecurityGroup")), _id(found.get("routeTable"))


def read_network(documents: NetworkDocuments) -> GatewayNetwork | Unavailable:
    """The typed view; `Unavailable` where not even the subnet could be read."""
    match documents.subnet:
        case Mapping() as subnet:
            return GatewayNetwork(
                subnet=_name(subnet),
                prefixes=_prefixes(subnet),
                security_group=_security_group(documents.security_group),
                route_table=_route_table(documents.route_table),
                dns_servers=_dns_servers(documents.network),
            )
        case Unavailable() as not_read:
            return not_read
    return Unavailable("the gateway names no subnet")


def _prefixes(subnet: Document) -> tuple[str, ...]:
    return _several(properties_of(subnet), "addressPrefix", "addressPrefixes")


def _security_group(part: Part) -> SecurityGroup | Unavailable | None:
    if not isinstance(part, Mapping):
        return part
    rules = [
        _security_rule(item)
        for collection in ("securityRules", "defaultSecurityRules")
        for item in items(part, collection)
    ]
    return SecurityGroup(_name(part), tuple(sorted(rules, key=lambda rule: rule.priority)))


def _security_rule(item: Document) -> SecurityRule:
    found = properties_of(item)
    priority = found.get("priority")
    return SecurityRule(
        name=_name(item),
        priority=priority if isinstance(priority, int) else 65535,
        direction="outbound" if _word(found, "direction") == "outbound" else "inbound",
        allow=_word(found, "access") == "allow",
        protocol=_word(found, "protocol"),
        sources=_several(found, "sourceAddressPrefix", "sourceAddressPrefixes"),
        destinations=_several(found, "destinationAddressPrefix", "destinationAddressPrefixes"),
        ports=_several(found, "destinationPortRange", "destinationPortRanges"),
    )


def _route_table(part: Part) -> RouteTable | Unavailable | None:
    if not isinstance(part, Mapping):
        return part
    hops = (
        UserDefinedRoute(
            _name(item), str(found.get("addressPrefix") or ""), str(found.get("nextHopType") or "")
        )
        for item in items(part, "routes")
        for found in [properties_of(item)]
    )
    return RouteTable(_name(part), tuple(hops))


def _dns_servers(part: Part) -> tuple[str, ...] | Unavailable:
    match part:
        case Mapping():
            options = mapping_of(properties_of(part).get("dhcpOptions"))
            return _several(options, "", "dnsServers")
        case Unavailable() as not_read:
            return not_read
    return Unavailable("the gateway names no virtual network")


def _several(found: Document, single: str, plural: str) -> tuple[str, ...]:
    one, more = found.get(single), found.get(plural)
    every = [one, *(more if isinstance(more, list) else ())]
    return tuple(value for value in every if isinstance(value, str) and value)


def _word(found: Document, key: str) -> str:
    return str(found.get(key) or "").lower()


def _name(item: Document) -> str:
    return str(item.get("name") or "")


def _id(value: object) -> str | None:
    return text_of(mapping_of(value).get("id"))
