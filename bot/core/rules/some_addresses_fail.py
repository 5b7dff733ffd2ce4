"""A pool member's name has several addresses, and the site works at only some of them."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis import commands
from bot.core.analysis.addresses import (
    ProbeResult,
    address_evidence,
    fail_differently,
    gateways_addresses,
    probe_results,
)
from bot.core.analysis.guides import network
from bot.core.analysis.reported_health import REACH, reported_class, reported_health
from bot.core.case.finding import Concerns, Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_all
from bot.core.routing.client_request import MOST_CLIENT_REQUESTS


def check(view: BackendView) -> Iterator[Said]:
    """Every address got the health probe's request; a silent one counts only if the gateway meets silence too.

    Where the gateway calls the server healthy, its probe goes elsewhere: then it is for clients to meet, if any come.
    """
    probe_is_well = reported_health(view) == "healthy"
    for said in _said(view):
        sites = _sites(view)
        if not sites and _nobody_comes(view):
            if probe_is_well:
                return
            if isinstance(said, Match) and reported_health(view) == "unknown":
                said = Undecided(
                    f"{said.summary.rstrip('.')}; no client comes here, and which address the gateway probes is not"
                    " known",
                    view.backend,
                )
        concerns: Concerns = "clients" if probe_is_well else "both" if sites else "probe"
        yield replace(said, concerns=concerns, sites=sites)


def _sites(view: BackendView) -> tuple[str, ...]:
    """Those whose clients may end at this server: whoever comes to its place may."""
    members = view.case.backends_at(view.backend.place)
    clients = (client for it in members for client in view.case.clients_of(it))
    return tuple(dict.fromkeys(it.way.site for it in clients))


def _nobody_comes(view: BackendView) -> bool:
    """Whether it is known that no client does. Those of a TCP/TLS proxy ask for no site, and always come."""
    every_way_is_known = len(view.case.clients) < MOST_CLIENT_REQUESTS
    return every_way_is_known and not view.settings.layer4


def _said(view: BackendView) -> Iterator[Said]:
    addresses = gateways_addresses(view.case, view.server)
    if len(addresses) < 2:
        return
    stands = probe_results(view, addresses)
    well, failing, silent = (_those(stands, it) for it in ("healthy", "faulty", "unreachable"))
    if failing and (well or fail_differently(view, failing)):
        yield _seen(view, failing, stands)
    elif well and silent and reported_class(view) in REACH:
        yield _seen(view, silent, stands)
    elif well and silent and reported_health(view) == "unknown":
        yield Undecided(
            f"of {len(stands)} addresses of {mark(view.server)}, {mark_all(silent)} cannot be reached from here,"
            " and the gateway does not say whether it gets through",
            view.backend,
        )


def _those(stands: dict[str, ProbeResult], wanted: ProbeResult) -> tuple[str, ...]:
    return tuple(address for address, it in stands.items() if it == wanted)


def _seen(view: BackendView, bad: tuple[str, ...], stands: dict[str, ProbeResult]) -> Match:
    names = Evidence(
        f"{mark(view.server)} resolves to {mark_all(stands)}", commands.resolve(view.server)
    )
    return Match(
        f"{mark(view.server)} has {len(stands)} addresses, and the health probe fails at"
        f" {mark_all(bad)}: requests that go there fail.",
        (names, *(address_evidence(view, address) for address in stands)),
        view.backend,
        "high" if stands[bad[0]] == "faulty" else "medium",
    )


RULE = Rule(
    id="some_addresses_fail",
    severity="error",
    symptom="A pool member's name has several addresses, and they do not behave alike.",
    cause="A record was left over from a server that is gone or now serves something else, or one of several"
    " servers is down or has another certificate.",
    remedy="Remove the address from DNS, or fix the server there; each address has to pass the health probe.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-dns-resolution-issues",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
    guide=network.CORRECT_RECORD,
    explains=("port_silent", "gateway_disagrees"),
)
