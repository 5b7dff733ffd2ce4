"""Make a pool member's name resolve only to addresses where the site works."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.addresses import every_address, gateways_addresses, probe_results
from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.marked import mark, mark_all, mark_command
from bot.core.remedies.assumption import Resolves
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.remedies.private_zone import own_dns_servers


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Assume that the name resolves to the first address where the health probe succeeds, and to no other."""
    name = view.server
    if is_ip(name):
        return NotApplicable(f"the pool member {mark(name)} is not a name, so DNS is not involved")
    stands = probe_results(view, every_address(view.case, name))
    well = [address for address, it in stands.items() if it == "healthy"]
    bad = [
        it for it in gateways_addresses(view.case, name) if stands.get(it, "healthy") != "healthy"
    ]
    if not well or not bad:
        return NotApplicable(f"no other address of {mark(name)} is known where the site works")
    return Proposal(
        summary=f"make {mark(name)} resolve to {mark_all(well)} in the gateway's network, and no longer to"
        f" {mark_all(bad)}, where the health probe fails",
        assumptions=(Resolves(name, well[0]),),
        steps=tuple(_steps(view.case, name, well, bad)),
    )


def _steps(case: Case, name: str, well: list[str], bad: list[str]) -> Iterator[str]:
    servers = own_dns_servers(case)
    yield (
        f"Ask whoever runs {mark(name)} which addresses are right. If {mark_all(bad)} is right, fix the server"
        " there: DNS is right then."
    )
    where = f"on the DNS servers {mark_all(servers)}" if servers else "in DNS"
    yield (
        f"Otherwise correct the record {where} (or in the private zone that they query): {mark(name)} ->"
        f" {mark_all(well)}."
    )
    for server in servers or ("",):
        asked = commands.resolve(name, server) if server else commands.resolve(name)
        yield f"Check from the gateway's network: {mark_command(asked)}"
    yield f"Then check again: {mark_command(commands.show_health(case.gateway))}"


OPTION = Option(
    id="correct_dns_record",
    title="Correct the DNS record of the backend",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-dns-resolution-issues",
        "https://learn.microsoft.com/azure/dns/private-dns-privatednszone",
    ),
    propose=propose,
    layer4=True,
)
