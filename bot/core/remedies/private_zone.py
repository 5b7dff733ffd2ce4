"""A private DNS zone for one name: the commands to run, and to whose network they link it.

The zone has the name of the host itself and its record at `@`: a zone for the whole domain would hide all other
names of that domain from the networks it is linked to. A child domain may be a zone of its own, with two labels
or more (learn.microsoft.com/azure/dns/private-dns-privatednszone).
"""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.model.gateway import Gateway
from bot.core.model.marked import mark, mark_all, mark_command
from bot.core.model.network import GatewayNetwork


def virtual_network(gateway: Gateway) -> str | None:
    """The id of the virtual network that the gateway is in; None if it names none."""
    found = (network for it in gateway.subnets if (network := it.rpartition("/subnets/")[0]))
    return next(found, None)


def own_dns_servers(case: Case) -> tuple[str, ...]:
    """The DNS servers that the gateway's network uses instead of Azure's; none if it uses Azure's, or if not known."""
    match case.network:
        case GatewayNetwork(dns_servers=tuple() as servers):
            return servers
    return ()


def record_steps(case: Case, name: str, address: str) -> Iterator[str]:
    """How to let `name` mean `address` in the gateway's network: at its own DNS servers, else by a private zone."""
    servers = own_dns_servers(case)
    if servers:
        # A network with its own DNS servers does not query the private zones that are linked to it.
        yield (
            f"The gateway's network uses the DNS servers {mark_all(servers)}: create the record A {mark(name)} ->"
            f" {mark(address)} there."
        )
        return
    gateway = case.gateway
    yield (
        f"If a private DNS zone for {mark(name.partition('.')[2])} is linked to the gateway's network already, add"
        f" the record A {mark(name.partition('.')[0])} -> {mark(address)} there. Otherwise create a zone for this"
        f" name alone: {mark_command(commands.create_zone(gateway, name))}"
    )
    record = commands.add_record(name, "@", address, gateway)
    yield f"In the new zone, create the record A @ -> {mark(address)}: {mark_command(record)}"
    network = virtual_network(gateway)
    if network is not None:
        link = commands.link_zone(name, network, gateway)
        yield f"Link it to the gateway's virtual network: {mark_command(link)}"
