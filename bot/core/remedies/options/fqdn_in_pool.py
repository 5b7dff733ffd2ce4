"""Put the host name in the pool instead of the load balancer's IP, so that SNI is sent.

On v1 also instead of a name that the certificate is not for: v1 compares the pool member's name with it
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
from bot.core.case.view import BackendView, view_of
from bot.core.model.gateway import is_ip
from bot.core.model.hostname import covers
from bot.core.model.marked import mark, mark_all, mark_command
from bot.core.model.observation import Unresolved
from bot.core.remedies import edit_builder
from bot.core.remedies.assumption import Resolves
from bot.core.remedies.edit_builder import POOLS
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.remedies.private_zone import record_steps
from bot.core.routing.routes import Backend


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Replace the member with a name: by a button where the name resolves to that very address, else by hand."""
    if not is_ip(view.server) and not _is_misnamed(view):
        return NotApplicable(f"the pool member {mark(view.server)} is already a name")
    if view.server not in view.pool.servers:
        return NotApplicable(f"{mark(view.server)} joins the pool through its network interface")
    if view.probe_request.protocol != "https":
        return NotApplicable("without TLS no SNI is sent anyway")
    name = next(_names(view), None)
    if name is None:
        return NotApplicable("no host name is known that could go in the pool")
    before = edit_builder.raw_value(document, POOLS, view.pool.name, "backendAddresses")
    after = [_exchanged(entry, view.server, name) for entry in list_of(before)]
    named = replace(view.backend, server=name)
    attempt = view_of(view.case, named).probe_attempt
    known = _known(view, named)
    return Proposal(
        summary=f"put {mark(name)} in the pool instead of {mark(view.server)}; the gateway then sends"
        f" {_sni(view.case, named)}. {known.told}",
        edits=(Value(POOLS, view.pool.name, "backendAddresses", before, after),),
        assumptions=() if known.here else (Resolves(name, view.server),),
        by_hand=not known.here,
        asks=(attempt,),
        steps=tuple(_steps(view, name, known)),
    )


def _is_misnamed(view: BackendView) -> bool:
    """Whether a v1 gateway finds another name in the certificate than that of the pool member."""
    seen = view.of_probe.handshake
    leaf = seen.leaf if seen is not None else None
    return (
        not view.gateway.traits.sends_host_as_sni
        and leaf is not None
        and not covers(leaf, view.server)
    )


def _names(view: BackendView) -> Iterator[str]:
    """The names in play; instead of another name, those that the certificate is for."""
    seen = view.of_probe.handshake
    for name in candidate_names(view.gateway, view.backend):
        if is_ip(view.server) or (seen and seen.leaf and covers(seen.leaf, name)):
            yield name


def _sni(case: Case, named: Backend) -> str:
    sni = view_of(case, named).probe_request.sni
    return f"SNI {mark(sni)}" if sni else "no SNI all the same"


@dataclass(frozen=True, slots=True)
class _Resolution:
    """What DNS says about the name: `here` it resolves to the member alone; `lacking`: a record has to be created."""

    here: bool
    lacking: bool
    told: str


def _known(view: BackendView, named: Backend) -> _Resolution:
    only = _addresses(view)
    name, shown = named.server, mark(named.server)
    here, there = view.case.addresses(name), addresses_there(view.case, name)
    if not only:
        told = f"DNS must resolve it to the same server as {mark(view.server)} in the gateway's network"
        return _Resolution(False, False, told)
    has_to = f"it has to resolve to {' and '.join(map(mark, only))} alone"
    if there is not None and there != only:
        found = f"resolves to {mark_all(there)}" if there else "has no address"
        return _Resolution(False, True, f"In the gateway's network {shown} {found}; {has_to}")
    if there == only:
        told = f"In the gateway's network {shown} resolves to {mark_all(only)}"
        return _Resolution(here == only, False, told)
    if here:
        told = f"From here {shown} resolves to {mark_all(here)}; in the gateway's network {has_to}"
        return _Resolution(here == only, here != only, told)
    told = f"DNS must answer {mark_all(only)} for it in the gateway's network"
    return _Resolution(False, True, told + _unresolved(view.case, named))


def _addresses(view: BackendView) -> tuple[str, ...]:
    """Where the member is now."""
    return (view.server,) if is_ip(view.server) else view.case.addresses(view.server)


def _unresolved(case: Case, named: Backend) -> str:
    match case.outcome(view_of(case, named).probe_attempt):
        case Unresolved(_, reason):
            return f"; from here there is no answer: {reason}"
    return ""


def _exchanged(entry: object, server: str, name: str) -> object:
    return {"fqdn": name} if member_of(entry) == server else entry


def _steps(view: BackendView, name: str, known: _Resolution) -> Iterator[str]:
    gateway = view.gateway
    addresses = _addresses(view)
    for address in addresses[:1] if known.lacking else ():
        yield from record_steps(view.case, name, address)
    yield (
        f"Check on a machine in the gateway's network: {mark_command(commands.resolve(name))} must answer"
        f" {mark_all(addresses) or f'as for {mark(view.server)}'}, and nothing else."
    )
    # The command sets the whole list of members.
    members = [name if it == view.server else it for it in view.pool.servers]
    exchange = commands.change(
        gateway, "address-pool", "update", view.pool.name, ["--servers", *members]
    )
    yield (
        f"In the pool {mark(view.pool.name)}, replace {mark(view.server)} by {mark(name)}: {mark_command(exchange)}"
    )
    restart = f"{commands.stop(gateway)} && {commands.start(gateway)}"
    yield (
        "Only if the network's DNS servers were changed: stop and start the gateway, which reads them only then. That"
        f" takes all its sites offline for some minutes: {mark_command(restart)}"
    )
    yield f"It worked when the gateway reports it healthy: {mark_command(commands.show_health(gateway))}"


OPTION = Option(
    id="fqdn_in_pool",
    title="Put the host name in the pool",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
        "https://learn.microsoft.com/azure/app-service/environment/networking",
        "https://learn.microsoft.com/azure/dns/private-dns-privatednszone",
    ),
    propose=propose,
    one_member=True,
)
