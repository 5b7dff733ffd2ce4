"""In the gateway's network a name has a different address than it has for us, and the site fails there."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.addresses import (
    address_evidence,
    addresses_here,
    addresses_there,
    dns_said,
    probe_results,
)
from bot.core.analysis.guides import network
from bot.core.analysis.reported_health import reported_health
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_all


def check(view: BackendView) -> Iterator[Match]:
    """Only where it explains a failure: a name often has other addresses elsewhere on purpose."""
    here = addresses_here(view.case, view.server)
    there = addresses_there(view.case, view.server) or ()
    if not there or set(here) & set(there) or reported_health(view) == "healthy":
        return
    stands = probe_results(view, (*there, *here))
    bad = [it for it in there if stands[it] == "faulty"]
    good = [it for it in here if stands[it] == "healthy"]
    if bad and good and len(bad) == len(there):
        yield Match(
            f"In the gateway's network {mark(view.server)} resolves to {mark_all(there)}, where the health probe"
            f" fails; from here to {mark_all(here)}, where it succeeds.",
            (
                *dns_said(view.case, view.server),
                Evidence(
                    f"the bot's resolver says {mark_all(here)}",
                    commands.resolve(view.server),
                ),
                *(address_evidence(view, address) for address in (*there, *good)),
            ),
            view.backend,
            # The other address may be the right one, and the server there at fault.
            "medium",
        )


RULE = Rule(
    id="dns_answers_split",
    severity="error",
    symptom="DNS gives the gateway an address where the site fails, and others an address where it works.",
    cause="An outdated or wrong record on the DNS servers of the gateway's network, or in the private zone that they"
    " query; or the record is right, and the server there is at fault.",
    remedy="Correct the record on these DNS servers, or the link of the private zone; if the address is right, fix"
    " the server there.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-dns-resolution-issues",
        "https://learn.microsoft.com/azure/dns/private-dns-scenarios",
    ),
    check=each_backend(check),
    guide=network.CORRECT_RECORD,
    explains=("port_silent", "gateway_disagrees"),
)
