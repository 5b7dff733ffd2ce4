"""Make the name of a pool member resolve where the gateway looks it up."""

from collections.abc import Iterator
from difflib import get_close_matches

from bot.core.analysis import commands
from bot.core.analysis.addresses import addresses_there
from bot.core.analysis.reported_health import address_of, reported_class, why_not_reached
from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.marked import mark, mark_command
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import NotTried, Unresolved
from bot.core.remedies.assumption import PathOpened
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Assume that the name resolves for the gateway as it does for us; if it resolves nowhere, only give steps."""
    # A name without an address is also reported as a server that cannot be connected to.
    nowhere = addresses_there(view.case, view.server) == ()
    if reported_class(view) != "dns" and not (nowhere and reported_class(view) == "no_connection"):
        return NotApplicable(
            "the gateway does not report that the name of a pool member is unknown"
        )
    if is_ip(view.server):
        return NotApplicable("the pool member is an IP address, so there is no name to resolve")
    outcome = view.connection
    address = address_of(outcome)
    steps = tuple(_steps(view, address))
    if isinstance(outcome, NotTried | Unresolved):
        return NotApplicable(
            "whether the name is wrong, or only unknown in the gateway's network, cannot be told:"
            f" {why_not_reached(outcome)}",
            steps,
        )
    to = f" to {mark(address)}" if address else ""
    return Proposal(
        summary=f"make {mark(view.server)} resolve in the gateway's virtual network as it does here{to}",
        assumptions=(PathOpened(),),
        steps=steps,
    )


def _steps(view: BackendView, address: str | None) -> Iterator[str]:
    gateway, name = view.gateway, view.server
    # application-gateway-backend-health-troubleshooting: until a write, the address that was known last is kept.
    yield (
        "Until the name resolves, change nothing else on the gateway: a write makes it forget the last known"
        " address, and takes down a pool that still works."
    )
    yield f"Check the spelling of {mark(name)}{_meant(view)}."
    yield f"Look it up on a machine in the gateway's virtual network: {mark_command(commands.resolve(name))}"
    yield from _servers(view.case, name)
    yield from _zone(view.case, name, address)
    yield (
        "Only if the network's DNS servers were changed since the gateway started: stop and start it, because it"
        " reads them only then. That takes all sites of the gateway offline for some minutes:"
        f" {mark_command(f'{commands.stop(gateway)} && {commands.start(gateway)}')}"
    )
    yield f"Then check again: {mark_command(commands.show_health(gateway))}"


def _meant(view: BackendView) -> str:
    others = {server for it in view.case.backends for server in (*it.hosts, it.server)}
    near = get_close_matches(view.server, sorted(others - {view.server}), 1, 0.85)
    return f" (is {mark(near[0])} meant?)" if near else ""


def _servers(case: Case, name: str) -> Iterator[str]:
    match case.network:
        case GatewayNetwork(dns_servers=(_, *_) as servers):
            asked = "; ".join(commands.resolve(name, it) for it in servers)
            yield (
                "The network has its own DNS servers. Ask each of them, and make it resolve the name or forward it"
                f" to Azure's DNS (168.63.129.16): {mark_command(asked)}"
            )
        case GatewayNetwork(dns_servers=()):
            yield (
                "The network uses Azure's own DNS, which knows public names and those of private zones that are"
                " linked to the network."
            )


def _zone(case: Case, name: str, address: str | None) -> Iterator[str]:
    host, zone = _parts(name)
    for network in dict.fromkeys(it.partition("/subnets/")[0] for it in case.gateway.subnets):
        yield (
            f"If the name is in a private DNS zone ({mark(zone)}), link the zone to the gateway's network:"
            f" {mark_command(commands.link_zone(zone, network))}"
        )
    if address is not None:
        yield f"If the zone lacks the record, add it: {mark_command(commands.add_record(zone, host, address))}"


def _parts(name: str) -> tuple[str, str]:
    """The record and the private zone in which it belongs."""
    host, _, zone = name.partition(".")
    # Apps with a private endpoint: learn.microsoft.com/azure/private-link/private-endpoint-dns
    return host, f"privatelink.{zone}" if zone == "azurewebsites.net" else zone


OPTION = Option(
    id="correct_dns",
    title="Make the name in the pool resolve",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-dns-resolution-issues",
        "https://learn.microsoft.com/azure/private-link/private-endpoint-dns",
    ),
    propose=propose,
    layer4=True,
)
