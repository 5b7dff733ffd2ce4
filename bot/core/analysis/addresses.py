"""The addresses of a pool member's name: those that it has for us, for the gateway, and what happens at each.

A gateway connects to what the DNS servers of its own network say, and not always to the same one of several addresses.
What we see under the name is one connection to one of our addresses. So every address is probed (`follow_up_probes`),
and the rules judge one that is chosen: they must not mistake a fault of one address for one of the name. Differences
between the addresses have rules of their own.

Only IPv4 counts: a gateway does not speak IPv6 to its backends
(learn.microsoft.com/azure/application-gateway/ipv6-application-gateway-portal).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from typing import Literal

from bot.core.analysis import commands
from bot.core.analysis.probe_fault import fault_seen, faultless
from bot.core.analysis.reported_health import why_not_reached
from bot.core.case.attempts import telling_variants
from bot.core.case.case import Case
from bot.core.case.finding import Evidence
from bot.core.case.view import BackendView, view_of
from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import is_ip
from bot.core.model.health import SimulatedHealth
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import (
    Answered,
    Attempt,
    Handshake,
    HandshakeFailed,
    NotConnected,
    NotTried,
    Response,
    Unresolved,
)

MOST_ADDRESSES = 4
"""Addresses of one name that are probed."""

ProbeResult = Literal["healthy", "faulty", "unreachable", "unknown"]


def addresses_here(case: Case, name: str) -> tuple[str, ...]:
    """Those that the name had for us."""
    return _usable(case.addresses(name))


@asked_once
def addresses_there(case: Case, name: str) -> tuple[str, ...] | None:
    """Those that the DNS servers of the gateway's network give; none if they say so, None if they were not heard."""
    answers = [it.answer for it in case.lookups if it.question.name == name]
    found = _usable(it for answer in answers if isinstance(answer, tuple) for it in answer)
    heard = any(
        isinstance(it, tuple) or (isinstance(it, Unresolved) and it.is_answer) for it in answers
    )
    return found if heard else None


def gateways_addresses(case: Case, name: str) -> tuple[str, ...]:
    """Where the gateway connects to, as far as is known: what its network's DNS says, else ours."""
    return addresses_there(case, name) or addresses_here(case, name)


@asked_once
def every_address(case: Case, name: str) -> tuple[str, ...]:
    """All that are worth probing, the gateway's own first; none where the name has just the one address."""
    there, here = addresses_there(case, name) or (), addresses_here(case, name)
    every = tuple(dict.fromkeys((*there, *here)))
    return every if len(every) > 1 or not here else ()


def at_address(case: Case, name: str, address: str) -> Case:
    """The case as if the name meant this address; the gateway's report says nothing about that."""
    return replace(case, aliases=((name, address),), health=SimulatedHealth())


@asked_once
def probe_result_at(view: BackendView, address: str) -> ProbeResult:
    """What became of the gateway's probe at one address of a backend's name, as we saw it."""
    one = at_address(view.case, view.server, address)
    match one.outcome(view_of(one, view.backend).probe_attempt):
        case NotConnected("refused") | HandshakeFailed():
            return "faulty"
        case NotConnected():
            return "unreachable"
        case Answered() if fault_seen(view_of(one, view.backend)):
            return "faulty"
        case Answered() if faultless(view_of(one, view.backend)):
            return "healthy"
    return "unknown"


def probe_results(view: BackendView, addresses: Iterable[str]) -> dict[str, ProbeResult]:
    """What became of the probe at each of these addresses."""
    return {address: probe_result_at(view, address) for address in addresses}


@asked_once
def failing_addresses(view: BackendView) -> tuple[str, ...]:
    """The gateway's own at which the probe fails, while it succeeds at others, be they ours alone."""
    stands = probe_results(view, every_address(view.case, view.server))
    used = gateways_addresses(view.case, view.server)
    failing = tuple(it for it in used if stands.get(it) == "faulty")
    return failing if "healthy" in stands.values() else ()


def fail_differently(view: BackendView, addresses: Iterable[str]) -> bool:
    """Whether the probe ends differently at these addresses: then one fault does not explain them all."""
    own = view.probe_attempt
    ends = (
        at_address(view.case, view.server, address).outcome(replace(own, server=address))
        for address in addresses
    )
    return len({type(end) for end in ends}) > 1


def probes_of_addresses(view: BackendView) -> Iterator[Attempt]:
    """The probe at each address of the name, if it has several."""
    own = view.probe_attempt
    return (replace(own, server=it) for it in every_address(view.case, view.server))


def looks_at_addresses(view: BackendView) -> Iterator[Attempt]:
    """The probe at each address; and once one is chosen, everything that the rules want to know about it."""
    yield from probes_of_addresses(view)
    chosen = _chosen(view.case, view.server)
    if chosen is not None:
        clients = view.case.clients_of(view.backend)
        wanted = (
            *telling_variants(view.gateway, view.backend),
            *(it.attempt for it in clients if it.can_be_made),
        )
        yield from (replace(it, server=chosen) for it in wanted)


def with_chosen_addresses(case: Case) -> Case:
    """The same case with an alias for every name whose addresses have to be told apart."""
    names = dict.fromkeys(it.server for it in case.backends if not is_ip(it.server))
    chosen = ((name, address) for name in names if (address := _chosen(case, name)))
    return replace(case, aliases=tuple(chosen))


def address_evidence(view: BackendView, address: str) -> Evidence:
    """What came of the probe at one address, with the command that shows it."""
    one = at_address(view.case, view.server, address)
    attempt = replace(view.probe_attempt, server=address)
    match one.outcome(attempt):
        case Answered(_, handshake, http):
            status = f"status {http.status}" if isinstance(http, Response) else http.reason
            match handshake:
                case Handshake(leaf=leaf) if leaf is not None:
                    served = f"{mark(address)} serves {mark(leaf.subject)} (SHA-256 {leaf.sha256}); {status}"
                    return Evidence(served, commands.openssl(attempt))
            return Evidence(f"{mark(address)} answers: {status}", commands.curl(attempt))
        case NotConnected(_, _, reason):
            return Evidence(f"{mark(address)}: {reason}", commands.curl(attempt))
        case outcome:
            return Evidence(why_not_reached(outcome), commands.curl(attempt))


def dns_said(case: Case, name: str) -> Iterator[Evidence]:
    """What each DNS server of the gateway's network answered, with the command that asks it."""
    for it in case.lookups:
        if it.question.name == name and not isinstance(it.answer, NotTried):
            answer = mark_all(it.answer) if isinstance(it.answer, tuple) else it.answer.reason
            yield Evidence(
                f"the DNS server {mark(it.question.server)} of the gateway's network says about {mark(name)}:"
                f" {answer}",
                commands.resolve(name, it.question.server),
            )


@asked_once
def _chosen(case: Case, name: str) -> str | None:
    """The address that stands for a name; None: what we saw under the name itself does.

    One that works for every backend of that name, so that the fault of another address is not blamed on the
    server; if there is none, the first that the gateway's network gives.
    """
    backends = case.backends_of(name)
    every = every_address(case, name)
    for address in every:
        if all(
            probe_result_at(view_of(case, backend), address) == "healthy" for backend in backends
        ):
            return address
    return next(iter(addresses_there(case, name) or ()), None) if every else None


def _usable(addresses: Iterable[str]) -> tuple[str, ...]:
    usable = (it for it in addresses if ip_address(it).version == 4)
    return tuple(dict.fromkeys(usable))[:MOST_ADDRESSES]
