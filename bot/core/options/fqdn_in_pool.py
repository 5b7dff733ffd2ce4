"""Put the host name into the pool instead of the load balancer's IP, so that SNI is sent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core import commands, making
from bot.core.addresses import addresses_there
from bot.core.attempts import candidate_names
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.edit import Value
from bot.core.gateway import is_ip
from bot.core.making import POOLS
from bot.core.observation import Unresolved
from bot.core.option import NotApplicable, Option, Proposal
from bot.core.private_zone import record_steps
from bot.core.reading import Document


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Exchange the IP for a name: by a button where DNS gives the name that very IP, else by hand."""
    if not is_ip(backend.server):
        return NotApplicable(f"the pool member {backend.server} is a name already")
    if backend.server not in backend.pool.servers:
        return NotApplicable(f"{backend.server} joins the pool through its network interface")
    if case.sent(backend).protocol != "https":
        return NotApplicable("without TLS no SNI is sent either way")
    name = next(iter(candidate_names(case.gateway, backend)), None)
    if name is None:
        return NotApplicable("no host name is in play that could stand in the pool")
    before = making.raw_value(document, POOLS, backend.pool.name, "backendAddresses")
    after = [_exchanged(entry, backend.server, name) for entry in before or ()]
    named = replace(backend, server=name)
    attempt = case.probe_attempt(named)
    known = _known(case, backend, named)
    return Proposal(
        summary=f"put {name} into the pool in place of {backend.server}; the gateway then sends"
        f" {_sni(case, named)}. {known.told}",
        edits=(Value(POOLS, backend.pool.name, "backendAddresses", before, after),),
        resolves=() if known.here else ((name, backend.server),),
        by_hand=not known.here,
        asks=(attempt,),
        steps=tuple(_steps(case, backend, name, known)),
    )


def _sni(case: Case, named: Backend) -> str:
    sni = case.sent(named).sni
    return f"SNI {sni}" if sni else "no SNI all the same"


@dataclass(frozen=True, slots=True)
class _Known:
    """What DNS says of the name: `here` it leads to the member alone; `lacking`: a record has to be made."""

    here: bool
    lacking: bool
    told: str


def _known(case: Case, backend: Backend, named: Backend) -> _Known:
    name, only = named.server, (backend.server,)
    here, there = case.addresses(name), addresses_there(case, name)
    has_to = f"it has to resolve to {backend.server} alone"
    if there is not None and there != only:
        found = f"resolves to {', '.join(there)}" if there else "has no address"
        return _Known(False, True, f"In the gateway's network {name} {found}; {has_to}")
    if there == only:
        told = f"In the gateway's network {name} resolves to {backend.server}"
        return _Known(here == only, False, told)
    if here:
        told = f"From here {name} resolves to {', '.join(here)}; in the gateway's network {has_to}"
        return _Known(here == only, here != only, told)
    told = f"DNS must answer {backend.server} for it in the gateway's network"
    return _Known(False, True, told + _unresolved(case, named))


def _unresolved(case: Case, named: Backend) -> str:
    match case.outcome(case.probe_attempt(named)):
        case Unresolved(_, reason):
            return f"; from here there is no answer: {reason}"
    return ""


def _exchanged(entry: object, server: str, name: str) -> object:
    address = entry.get("ipAddress") if isinstance(entry, dict) else entry
    return {"fqdn": name} if address == server else entry


def _steps(case: Case, backend: Backend, name: str, known: _Known) -> Iterator[str]:
    gateway = case.gateway
    if known.lacking:
        yield from record_steps(case, name, backend.server)
    yield (
        f"Check from a machine in the gateway's network: {commands.resolve(name)} must answer"
        f" {backend.server}, and nothing else."
    )
    # The command sets the whole list of members.
    members = [name if it == backend.server else it for it in backend.pool.servers]
    exchange = commands.change(
        gateway, "address-pool", "update", backend.pool.name, ["--servers", *members]
    )
    yield f"Exchange the member: {exchange}"
    yield "If the network's DNS servers were changed, stop and start the gateway: it reads them only then."


OPTION = Option(
    id="fqdn_in_pool",
    title="Put the host name into the backend pool",
    button="Put host name into pool",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
        "https://learn.microsoft.com/azure/app-service/environment/networking",
        "https://learn.microsoft.com/azure/dns/private-dns-privatednszone",
    ),
    propose=propose,
)
