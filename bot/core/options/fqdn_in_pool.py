"""Put the host name into the pool instead of the load balancer's IP, so that SNI is sent."""

from dataclasses import replace

from bot.core import making
from bot.core.attempts import candidate_names
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.edit import Value
from bot.core.gateway import is_ip
from bot.core.looking import address_of
from bot.core.making import POOLS
from bot.core.option import NotApplicable, Option, Proposal
from bot.core.reading import Document


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Exchange the IP for a name: by a button where the name was seen to resolve to it, else by hand."""
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
    known = address_of(case.outcome(attempt)) == backend.server
    return Proposal(
        summary=f"put {name} into the pool in place of {backend.server}; the gateway then sends"
        f" {_sni(case, named)}. {_about_dns(name, backend.server, known=known)}",
        edits=(Value(POOLS, backend.pool.name, "backendAddresses", before, after),),
        resolves=() if known else ((name, backend.server),),
        by_hand=not known,
        asks=(attempt,),
        steps=_steps(case, backend, name),
    )


def _sni(case: Case, named: Backend) -> str:
    sni = case.sent(named).sni
    return f"SNI {sni}" if sni else "no SNI all the same"


def _about_dns(name: str, server: str, *, known: bool) -> str:
    if known:
        return f"From here {name} resolves to {server}; in the gateway's network it has to as well"
    return f"DNS must answer {server} for it in the gateway's network"


def _exchanged(entry: object, server: str, name: str) -> object:
    address = entry.get("ipAddress") if isinstance(entry, dict) else entry
    return {"fqdn": name} if address == server else entry


def _steps(case: Case, backend: Backend, name: str) -> tuple[str, ...]:
    gateway = case.gateway
    host, _, zone = name.partition(".")
    return (
        f"Make a private DNS zone {zone} with the record A {host} -> {backend.server}, and link it to the"
        " virtual network of the gateway (or add the record to your custom DNS; else a public A record).",
        f"Check from a machine in that network: nslookup {name} must answer {backend.server}.",
        f"Exchange the member: az network application-gateway address-pool update -g"
        f" {gateway.resource_group} --gateway-name {gateway.name} -n {backend.pool.name} --servers {name}",
        "If the network's DNS servers were changed, stop and start the gateway: it reads them only then.",
    )


OPTION = Option(
    id="fqdn_in_pool",
    title="Put the host name into the backend pool",
    button="Put host name into pool",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
        "https://learn.microsoft.com/azure/app-service/environment/networking",
    ),
    propose=propose,
)
