"""What may block a gateway's way to one backend: a rule or a route of its own subnet.

Only the gateway's side is read, so all this is a suspicion. Sources, in this order, for rules and for routes:
https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview and
https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from bot.core.analysis.security_group import blocks_outbound
from bot.core.model.marked import mark
from bot.core.model.network import GatewayNetwork, RouteTable, SecurityGroup, UserDefinedRoute

_LEADS_AWAY = frozenset({"virtualappliance", "none"})
"""Next hops: one behind which nobody knows what becomes of a packet, and one that drops it."""


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
                    f"outbound rule {mark(rule.name)} of {mark(name)} may deny it",
                    f"Outbound rule {mark(rule.name)} (priority {rule.priority}) of {mark(name)} denies TCP {port} to"
                    f" {mark(address)} from {mark(around.subnet)}: allow it with a rule of a smaller priority number.",
                )
    match around.route_table:
        case RouteTable(name=name) as table:
            hop = _longest(table, address)
            if hop is not None and hop.next_hop.lower() in _LEADS_AWAY:
                yield _led_away(hop, name, address)


def _led_away(hop: UserDefinedRoute, table: str, address: str) -> Suspect:
    end = "drops it" if hop.next_hop.lower() == "none" else "sends it to an appliance"
    caution = (
        ", unless Azure has a more specific route of its own, as within a network and its peers"
        if hop.prefix.endswith("/0")
        else ""
    )
    return Suspect(
        f"route {mark(hop.name)} of {mark(table)} may divert it",
        f"Route {mark(hop.name)} ({mark(hop.prefix)} to {mark(hop.next_hop)}) of {mark(table)} catches {mark(address)}"
        f" and {end}{caution}: let the appliance forward it in both directions, or add a route to the backend's"
        " subnet.",
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
