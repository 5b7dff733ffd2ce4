"""ARM's JSON of a subnet and what hangs on it -> `GatewayNetwork`. Read as defensively as a gateway.

Shapes: Azure/azure-rest-api-specs, specification/network/resource-manager/Microsoft.Network/stable/2024-05-01,
examples/SubnetGet.json, NetworkSecurityGroupGet.json, RouteTableGet.json, VirtualNetworkGet.json.
"""

from dataclasses import dataclass, replace

from bot.core.arm.document import Document
from bot.core.arm.entry import Entry, root_entry
from bot.core.model.network import (
    GatewayNetwork,
    RouteTable,
    SecurityGroup,
    SecurityRule,
    UserDefinedRoute,
)
from bot.core.model.unavailable import Unavailable

_LAST = 65535
"""The priority of a rule that names none: behind all others."""

NetworkPart = Document | Unavailable | None
"""A document, why it could not be read, or None where there is no such thing."""


@dataclass(frozen=True, slots=True)
class NetworkDocuments:
    """The documents around one gateway, as ARM sent them."""

    subnet: NetworkPart
    network: NetworkPart
    security_group: NetworkPart
    route_table: NetworkPart


def references(subnet: Document) -> tuple[str | None, str | None]:
    """The ids of the subnet's security group and route table, as they are written."""
    return _references(root_entry(subnet, "the subnet"))


def _references(subnet: Entry) -> tuple[str | None, str | None]:
    found = subnet.properties
    return found.written("networkSecurityGroup"), found.written("routeTable")


def read_network(documents: NetworkDocuments) -> GatewayNetwork | Unavailable:
    """The typed view; `Unavailable` where not even the subnet could be read."""
    subnet = _opened(documents.subnet, "the subnet")
    if not isinstance(subnet, Entry):
        return subnet or Unavailable("the gateway names no subnet")
    group = _opened(documents.security_group, "the network security group")
    table = _opened(documents.route_table, "the route table")
    network = _opened(documents.network, "the virtual network")
    # Whatever they refer to was read already; here it is about what cannot be read of them.
    _references(subnet)
    found = GatewayNetwork(
        subnet=subnet.text("name") or "",
        prefixes=_several(subnet.properties, "addressPrefix", "addressPrefixes"),
        security_group=_security_group(group) if isinstance(group, Entry) else group,
        route_table=_route_table(table) if isinstance(table, Entry) else table,
        dns_servers=_dns_servers(network) if isinstance(network, Entry) else _no_network(network),
    )
    parts = (it for it in (subnet, group, table, network) if isinstance(it, Entry))
    return replace(found, notes=tuple(note for it in parts for note in it.notes.all))


def _opened(part: NetworkPart, whose: str) -> Entry | Unavailable | None:
    return part if part is None or isinstance(part, Unavailable) else root_entry(part, whose)


def _security_group(group: Entry) -> SecurityGroup | Unavailable:
    """The rules by priority. One that cannot be read may be the one that decides, so it leaves nothing to be said."""
    rules = [
        _security_rule(item)
        for collection in ("securityRules", "defaultSecurityRules")
        for item in group.properties.entries(collection)
    ]
    name = group.text("name") or ""
    for note in group.notes.all:
        return Unavailable(note)
    return SecurityGroup(name, tuple(sorted(rules, key=lambda rule: rule.priority)))


def _security_rule(item: Entry) -> SecurityRule:
    found = item.properties
    priority = found.number("priority")
    return SecurityRule(
        name=item.text("name") or "",
        priority=_LAST if priority is None else priority,
        direction="outbound" if _word(found, "direction") == "outbound" else "inbound",
        allow=_word(found, "access") == "allow",
        protocol=_word(found, "protocol"),
        sources=_several(found, "sourceAddressPrefix", "sourceAddressPrefixes"),
        destinations=_several(found, "destinationAddressPrefix", "destinationAddressPrefixes"),
        ports=_several(found, "destinationPortRange", "destinationPortRanges"),
    )


def _route_table(table: Entry) -> RouteTable | Unavailable:
    """Its routes; one that cannot be read may be the one for all addresses, so it leaves nothing to be said."""
    routes = tuple(
        UserDefinedRoute(
            item.text("name") or "",
            item.properties.text("addressPrefix") or "",
            item.properties.text("nextHopType") or "",
        )
        for item in table.properties.entries("routes")
    )
    name = table.text("name") or ""
    for note in table.notes.all:
        return Unavailable(note)
    return RouteTable(name, routes)


def _dns_servers(network: Entry) -> tuple[str, ...] | Unavailable:
    found = network.properties.entry("dhcpOptions").texts("dnsServers")
    for note in network.notes.all:
        return Unavailable(note)
    return found


def _no_network(network: Unavailable | None) -> Unavailable:
    return network or Unavailable("the gateway names no virtual network")


def _several(found: Entry, single: str, plural: str) -> tuple[str, ...]:
    """One or more; a port may be written as the number that it is."""
    one = found.texts(single, lone=True, numbers=True)
    return (*one, *found.texts(plural, numbers=True))


def _word(found: Entry, key: str) -> str:
    return (found.text(key) or "").lower()
