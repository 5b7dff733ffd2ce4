"""What a network security group lets in and out: the first rule by priority that fits decides.

Source: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
"""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from bot.core.model.network import SecurityGroup, SecurityRule

Network = IPv4Network | IPv6Network

ANYWHERE = frozenset({"*", "any", "internet", "0.0.0.0/0"})
MANAGEMENT = ANYWHERE | {"gatewaymanager", "azurecloud"}
"""Sources that hold the addresses from which Azure manages gateways."""

_TO_ANYTHING = frozenset({"*", "any", "0.0.0.0/0", "virtualnetwork"})


def blocks_management(
    group: SecurityGroup, prefixes: tuple[str, ...], first: int, last: int
) -> SecurityRule | None:
    """The rule that denies the gateway manager a port of `first` to `last`; None if none does."""
    left = set(range(first, last + 1))
    for rule in group.rules:
        if not _fits(rule, prefixes):
            continue
        hit = left & _ports(rule)
        if hit and not rule.allow:
            return rule
        left -= hit
    return None


def blocks_outbound(
    group: SecurityGroup, prefixes: tuple[str, ...], address: str, port: int
) -> SecurityRule | None:
    """The rule that denies TCP from the subnet to that address and port; None if none does.

    Whether a service tag includes the address is not known here, so rules with one are skipped.
    """
    fitting = (
        rule
        for rule in group.rules
        if rule.direction == "outbound"
        and rule.protocol in ("*", "tcp")
        and any(_holds(source, prefixes) for source in rule.sources)
        and any(_holds_address(destination, address) for destination in rule.destinations)
        and port in _ports(rule)
    )
    first = next(fitting, None)
    return None if first is None or first.allow else first


def _holds_address(destination: str, address: str) -> bool:
    """`Internet` is what is public, `VirtualNetwork` what is not: close enough for a suspicion."""
    word = destination.lower()
    if word in ("internet", "virtualnetwork"):
        return ip_address(address).is_global == (word == "internet")
    return _holds(destination, (address,))


def _fits(rule: SecurityRule, prefixes: tuple[str, ...]) -> bool:
    return (
        rule.direction == "inbound"
        and rule.protocol in ("*", "tcp")
        and any(source.lower() in MANAGEMENT for source in rule.sources)
        and any(_holds(destination, prefixes) for destination in rule.destinations)
    )


def _holds(destination: str, prefixes: tuple[str, ...]) -> bool:
    if destination.lower() in _TO_ANYTHING:
        return True
    try:
        wide = ip_network(destination, strict=False)
        subnets = [ip_network(prefix, strict=False) for prefix in prefixes]
    except ValueError:
        # A tag of another service.
        return False
    return any(_inside(subnet, wide) for subnet in subnets)


def _inside(subnet: Network, wide: Network) -> bool:
    if isinstance(subnet, IPv4Network) and isinstance(wide, IPv4Network):
        return subnet.subnet_of(wide)
    return (
        isinstance(subnet, IPv6Network) and isinstance(wide, IPv6Network) and subnet.subnet_of(wide)
    )


def _ports(rule: SecurityRule) -> set[int]:
    return {port for text in rule.ports for port in _range(text)}


def _range(text: str) -> range:
    if text == "*":
        return range(65536)
    low, _, high = text.partition("-")
    try:
        return range(int(low), int(high or low) + 1)
    except ValueError:
        return range(0)
