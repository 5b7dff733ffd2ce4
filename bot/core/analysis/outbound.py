"""What may hold up a gateway on its way to one backend: a rule or a route of its own subnet.

Only the gateway's side is read, so all this is a suspicion. Sources, in this order, for rules and for routes:
https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview and
https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from bot.core.analysis.security_group import blocks_outbound
from bot.core.model.network import GatewayNetwork, RouteTable, SecurityGroup, UserDefinedRoute

_LEADS_AWAY = frozenset({"virtualappliance", "none"})
"""Next hops behind which nobody knows what becomes of a packet, and one behind which it is dropped."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One thing to look at first: `what` it is, as it reads in a sentence, and the step that ends it."""

    what: str
    step: str


def suspects(around: GatewayNetwork, address: str, port: int) -> Iterator[Suspect]:
    """The outbound rule that denies the gateway this address and port, and the route that leads it away."""
    match around.security_group:
        case SecurityGroup(name=name) as group:
            rule = blocks_outbound(group, around.prefixes, address, port)
            if rule is not None:
                yield Suspect(
                    f"outbound rule {rule.name} of {name} may deny it",
                    f"Outbound rule {rule.name} (priority {rule.priority}) of {name} denies TCP {port} to {address}"
                    f" from {around.subnet}: allow it by a rule with a smaller priority.",
                )
    match around.route_table:
        case RouteTable(name=name) as table:
            hop = _longest(table, address)
            if hop is not None and hop.next_hop.lower() in _LEADS_AWAY:
                yield _led_away(hop, name, address)


def _led_away(hop: UserDefinedRoute, table: str, address: str) -> Suspect:
    end = "drops it" if hop.next_hop.lower() == "none" else "sends it to an appliance"
    caution = (
        ", unless a longer route of Azure's own leads there, as within a network and its peers"
        if hop.prefix.endswith("/0")
        else ""
    )
    return Suspect(
        f"route {hop.name} of {table} may lead it away",
        f"Route {hop.name} ({hop.prefix} to {hop.next_hop}) of {table} catches {address} and {end}{caution}: let the"
        " appliance pass it in both directions, or add a route for the backend's subnet that leads there.",
    )


def _longest(table: RouteTable, address: str) -> UserDefinedRoute | None:
    """The route with the longest prefix that holds the address; the first one of equals."""
    lengths = [
        (length, hop) for hop in table.routes if (length := _length(hop, address)) is not None
    ]
    return max(lengths, key=lambda it: it[0], default=(0, None))[1]


def _length(hop: UserDefinedRoute, address: str) -> int | None:
    try:
        network = ip_network(hop.prefix, strict=False)
    except ValueError:
        # A service tag stands for prefixes that are not known here.
        return None
    return network.prefixlen if ip_address(address) in network else None
