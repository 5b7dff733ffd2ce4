"""Put the host name into the pool instead of the load balancer's IP, so that SNI is sent.

On v1 also instead of a name that the certificate is not for: there the pool member's name is compared with it
(learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.analysis import commands
from bot.core.analysis.addresses import addresses_there
from bot.core.arm.document import Document, list_of, member_of
from bot.core.arm.edit import Value
from bot.core.case.attempts import candidate_names
from bot.core.case.case import Case
from bot.core.model.gateway import is_ip
from bot.core.model.hostname import covers
from bot.core.model.observation import Unresolved
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import POOLS
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.remedies.private_zone import record_steps
from bot.core.routing.routes import Backend


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Exchange the member for a name: by a button where DNS gives the name that very address, else by hand."""
    if not is_ip(backend.server) and not _is_misnamed(case, backend):
        return NotApplicable(f"the pool member {backend.server} is a name already")
    if backend.server not in backend.pool.servers:
        return NotApplicable(f"{backend.server} joins the pool through its network interface")
    if case.probe_request(backend).protocol != "https":
        return NotApplicable("without TLS no SNI is sent either way")
    name = next(_names(case, backend), None)
    if name is None:
        return NotApplicable("no host name is in play that could stand in the pool")
    before = edit_builder.raw_value(document, POOLS, backend.pool.name, "backendAddresses")
    after = [_exchanged(entry, backend.server, name) for entry in list_of(before)]
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


def _is_misnamed(case: Case, backend: Backend) -> bool:
    """Whether a v1 gateway finds another name in the certificate than that of the pool member."""
    seen = case.handshake(case.probe_attempt(backend))
    leaf = seen.leaf if seen is not None else None
    return case.gateway.generation == "v1" and leaf is not None and not covers(leaf, backend.server)


def _names(case: Case, backend: Backend) -> Iterator[str]:
    """The names in play; in place of another name, those that the certificate is for."""
    seen = case.handshake(case.probe_attempt(backend))
    for name in candidate_names(case.gateway, backend):
        if is_ip(backend.server) or (seen and seen.leaf and covers(seen.leaf, name)):
            yield name


def _sni(case: Case, named: Backend) -> str:
    sni = case.probe_request(named).sni
    return f"SNI {sni}" if sni else "no SNI all the same"


@dataclass(frozen=True, slots=True)
class _Resolution:
    """What DNS says of the name: `here` it leads to the member alone; `lacking`: a record has to be made."""

    here: bool
    lacking: bool
    told: str


def _known(case: Case, backend: Backend, named: Backend) -> _Resolution:
    name, only = named.server, _addresses(case, backend)
    here, there = case.addresses(name), addresses_there(case, name)
    if not only:
        told = f"DNS must lead it to the same server as {backend.server} in the gateway's network"
        return _Resolution(False, False, told)
    has_to = f"it has to resolve to {' and '.join(only)} alone"
    if there is not None and there != only:
        found = f"resolves to {', '.join(there)}" if there else "has no address"
        return _Resolution(False, True, f"In the gateway's network {name} {found}; {has_to}")
    if there == only:
        told = f"In the gateway's network {name} resolves to {', '.join(only)}"
        return _Resolution(here == only, False, told)
    if here:
        told = f"From here {name} resolves to {', '.join(here)}; in the gateway's network {has_to}"
        return _Resolution(here == only, here != only, told)
    told = f"DNS must answer {', '.join(only)} for it in the gateway's network"
    return _Resolution(False, True, told + _unresolved(case, named))


def _addresses(case: Case, backend: Backend) -> tuple[str, ...]:
    """Where the member is now."""
    return (backend.server,) if is_ip(backend.server) else case.addresses(backend.server)


def _unresolved(case: Case, named: Backend) -> str:
    match case.outcome(case.probe_attempt(named)):
        case Unresolved(_, reason):
            return f"; from here there is no answer: {reason}"
    return ""


def _exchanged(entry: object, server: str, name: str) -> object:
    return {"fqdn": name} if member_of(entry) == server else entry


def _steps(case: Case, backend: Backend, name: str, known: _Resolution) -> Iterator[str]:
    gateway = case.gateway
    addresses = _addresses(case, backend)
    for address in addresses[:1] if known.lacking else ():
        yield from record_steps(case, name, address)
    yield (
        f"Check from a machine in the gateway's network: {commands.resolve(name)} must answer"
        f" {', '.join(addresses) or f'as {backend.server} does'}, and nothing else."
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
