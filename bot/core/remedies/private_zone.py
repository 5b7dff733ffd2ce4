"""A private DNS zone for one name: the commands, right as they stand, and to whose network they link it.

The zone is named like the host itself and has its record at `@`: a zone for the whole domain would take all other
names of that domain away from the networks it is linked to. A child domain may be a zone of its own, with two labels
or more (learn.microsoft.com/azure/dns/private-dns-privatednszone).
"""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.model.gateway import Gateway
from bot.core.model.network import GatewayNetwork


def virtual_network(gateway: Gateway) -> str | None:
    """The id of the virtual network that the gateway stands in; None if it names none."""
    found = (network for it in gateway.subnets if (network := it.rpartition("/subnets/")[0]))
    return next(found, None)


def own_dns_servers(case: Case) -> tuple[str, ...]:
    """The DNS servers that the gateway's network asks instead of Azure's; none if it asks Azure's, or if not known."""
    match case.network:
        case GatewayNetwork(dns_servers=tuple() as servers):
            return servers
    return ()


def record_steps(case: Case, name: str, address: str) -> Iterator[str]:
    """How to let `name` mean `address` in the gateway's network: at its own DNS servers, else by a private zone."""
    servers = own_dns_servers(case)
    if servers:
        # With DNS servers of its own a network does not ask the private zones that are linked to it.
        yield (
            f"The gateway's network asks the DNS servers {', '.join(servers)}: make the record A {name} ->"
            f" {address} there."
        )
        return
    gateway = case.gateway
    yield (
        f"If a private DNS zone for {name.partition('.')[2]} is linked to the gateway's network already, add"
        f" the record A {name.partition('.')[0]} -> {address} there. Else make a zone for this name alone, with"
        f" the record A @ -> {address}:"
    )
    yield commands.create_zone(gateway, name)
    yield commands.add_record(name, "@", address, gateway)
    network = virtual_network(gateway)
    if network is not None:
        link = commands.link_zone(name, network, gateway)
        yield f"Link it to the gateway's virtual network: {link}"
