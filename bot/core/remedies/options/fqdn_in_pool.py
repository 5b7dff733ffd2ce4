"""Put the host name into the pool instead of the load balancer's IP, so that SNI is sent.

On v1 also instead of a name that the certificate is not for: there the pool member's name is compared with it
(learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.analysis import commands
from bot.core.analysis.addresses import addresses_there
from bot.core.arm.edit import Value
from bot.core.arm.gateway_reader import Document
from bot.core.case.attempts import candidate_names
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.hostname import covers
from bot.core.model.observation import Unresolved
from bot.core.remedies import edit_builder
from bot.core.remedies.assumption import Resolves
from bot.core.remedies.edit_builder import POOLS
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.remedies.private_zone import record_steps
from bot.core.routing.routes import Backend


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Exchange the member for a name: by a button where DNS gives the name that very address, else by hand."""
    if not is_ip(view.server) and not _is_misnamed(view):
        return NotApplicable(f"the pool member {view.server} is a name already")
    if view.server not in view.pool.servers:
        return NotApplicable(f"{view.server} joins the pool through its network interface")
    if view.probe_request.protocol != "https":
        return NotApplicable("without TLS no SNI is sent either way")
    name = next(_names(view), None)
    if name is None:
        return NotApplicable("no host name is in play that could stand in the pool")
    before = edit_builder.raw_value(document, POOLS, view.pool.name, "backendAddresses")
    after = [_exchanged(entry, view.server, name) for entry in before or ()]
    named = replace(view.backend, server=name)
    attempt = BackendView(view.case, named).probe_attempt
    known = _known(view, named)
    return Proposal(
        summary=f"put {name} into the pool in place of {view.server}; the gateway then sends"
        f" {_sni(view.case, named)}. {known.told}",
        edits=(Value(POOLS, view.pool.name, "backendAddresses", before, after),),
        assumptions=() if known.here else (Resolves(name, view.server),),
        by_hand=not known.here,
        asks=(attempt,),
        steps=tuple(_steps(view, name, known)),
    )


def _is_misnamed(view: BackendView) -> bool:
    """Whether a v1 gateway finds another name in the certificate than that of the pool member."""
    seen = view.case.handshake(view.probe_attempt)
    leaf = seen.leaf if seen is not None else None
    return view.gateway.generation == "v1" and leaf is not None and not covers(leaf, view.server)


def _names(view: BackendView) -> Iterator[str]:
    """The names in play; in place of another name, those that the certificate is for."""
    seen = view.case.handshake(view.probe_attempt)
    for name in candidate_names(view.gateway, view.backend):
        if is_ip(view.server) or (seen and seen.leaf and covers(seen.leaf, name)):
            yield name


def _sni(case: Case, named: Backend) -> str:
    sni = BackendView(case, named).probe_request.sni
    return f"SNI {sni}" if sni else "no SNI all the same"


@dataclass(frozen=True, slots=True)
class _Resolution:
    """What DNS says of the name: `here` it leads to the member alone; `lacking`: a record has to be made."""

    here: bool
    lacking: bool
    told: str


def _known(view: BackendView, named: Backend) -> _Resolution:
    name, only = named.server, _addresses(view)
    here, there = view.case.addresses(name), addresses_there(view.case, name)
    if not only:
        told = f"DNS must lead it to the same server as {view.server} in the gateway's network"
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
    return _Resolution(False, True, told + _unresolved(view.case, named))


def _addresses(view: BackendView) -> tuple[str, ...]:
    """Where the member is now."""
    return (view.server,) if is_ip(view.server) else view.case.addresses(view.server)


def _unresolved(case: Case, named: Backend) -> str:
    match case.outcome(BackendView(case, named).probe_attempt):
        case Unresolved(_, reason):
            return f"; from here there is no answer: {reason}"
    return ""


def _exchanged(entry: object, server: str, name: str) -> object:
    member = (entry.get("fqdn") or entry.get("ipAddress")) if isinstance(entry, dict) else entry
    return {"fqdn": name} if member == server else entry


def _steps(view: BackendView, name: str, known: _Resolution) -> Iterator[str]:
    gateway = view.gateway
    addresses = _addresses(view)
    for address in addresses[:1] if known.lacking else ():
        yield from record_steps(view.case, name, address)
    yield (
        f"Check from a machine in the gateway's network: {commands.resolve(name)} must answer"
        f" {', '.join(addresses) or f'as {view.server} does'}, and nothing else."
    )
    # The command sets the whole list of members.
    members = [name if it == view.server else it for it in view.pool.servers]
    exchange = commands.change(
        gateway, "address-pool", "update", view.pool.name, ["--servers", *members]
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
