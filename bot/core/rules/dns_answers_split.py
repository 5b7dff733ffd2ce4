"""The gateway's network gives a name another address than we get, and the site fails there."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.addresses import (
    addresses_here,
    addresses_there,
    dns_said,
    probe_results,
    shown,
)
from bot.core.analysis.reported_health import reported_health
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView


def check(view: BackendView) -> Iterator[Match]:
    """Only where it explains a failure: that a name has other addresses elsewhere is often meant so."""
    here = addresses_here(view.case, view.server)
    there = addresses_there(view.case, view.server) or ()
    if not there or set(here) & set(there) or reported_health(view) == "healthy":
        return
    stands = probe_results(view, (*there, *here))
    bad = [it for it in there if stands[it] == "faulty"]
    good = [it for it in here if stands[it] == "healthy"]
    if bad and good and len(bad) == len(there):
        yield Match(
            f"In the gateway's network {view.server} resolves to {', '.join(there)}, where the health probe"
            f" fails; from here to {', '.join(here)}, where it passes.",
            (
                *dns_said(view.case, view.server),
                Evidence(
                    f"the resolver of the bot says {', '.join(here)}",
                    commands.resolve(view.server),
                ),
                *(shown(view, address) for address in (*there, *good)),
            ),
            view.backend,
            # The other address may be the right one, and the server there at fault.
            "medium",
        )


RULE = Rule(
    id="dns_answers_split",
    severity="error",
    symptom="DNS gives the gateway an address at which the site fails, and others one at which it is well.",
    cause="A record that is out of date or wrong on the DNS servers of the gateway's network, or in the private zone"
    " that they ask; or the right record, and a fault on the server there.",
    remedy="Correct the record on these DNS servers, or the link of the private zone; if the address is meant, mend"
    " the server there.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-dns-resolution-issues",
        "https://learn.microsoft.com/azure/dns/private-dns-scenarios",
    ),
    check=each_backend(check),
    explains=("port_silent", "gateway_disagrees"),
)
