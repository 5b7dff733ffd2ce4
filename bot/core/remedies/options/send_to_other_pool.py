"""Send a site's requests to the pool whose servers know it."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.misplaced_host import HostInOtherPool, pool_that_serves, routes_of
from bot.core.arm.document import Document, id_of, items, name_of
from bot.core.arm.edit import Value, sub_resource_id
from bot.core.case.case import Case
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import POOLS, RULES
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.routes import Backend


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """By hand: it moves the clients of a site to other servers, and only people know which ones they belong to."""
    found = pool_that_serves(case, backend)
    if found is None:
        return NotApplicable("no other pool of the gateway is known to serve the site")
    edits = tuple(_edits(document, backend, found))
    steps = tuple(_steps(case, backend, found))
    if not edits:
        return NotApplicable(
            f"the pool stands in a path map: send the paths of {found.host} to pool {found.pool.name} there",
            steps,
        )
    return Proposal(
        summary=f"send requests for {found.host} to pool {found.pool.name} instead of {backend.pool.name}",
        edits=edits,
        steps=steps,
    )


def _edits(document: Document, backend: Backend, found: HostInOtherPool) -> Iterator[Value]:
    target = {"id": sub_resource_id(document, POOLS, found.pool.name)}
    for name in _rules(document, backend, found):
        yield edit_builder.set_value(document, RULES, name, "backendAddressPool", target)


def _rules(document: Document, backend: Backend, found: HostInOtherPool) -> Iterator[str]:
    """The rules that lead to the pool themselves; those with a path map do not."""
    direct = {it.rule.id for it in routes_of(backend, found.host) if it.rule.pool}
    for entry in items(document, RULES):
        if id_of(entry) in direct:
            yield name_of(entry)


def _steps(case: Case, backend: Backend, found: HostInOtherPool) -> Iterator[str]:
    yield (
        f"Make sure that {found.host} belongs to {', '.join(found.pool.servers)} (pool {found.pool.name}), not"
        f" to {', '.join(backend.pool.servers)} (pool {backend.pool.name}): ask whoever runs the site."
    )
    yield f"See for yourself what answers there: {commands.curl(found.attempt)}"
    for route in routes_of(backend, found.host):
        if route.rule.pool:
            pool = ("--address-pool", found.pool.name)
            change = commands.change(case.gateway, "rule", "update", route.rule.name, pool)
            yield f"Change the rule: {change}"
    yield f"Then look again: {commands.show_health(case.gateway)}"


OPTION = Option(
    id="send_to_other_pool",
    title="Send the site to the pool that knows it",
    button="Send to other pool",
    automated=False,
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-request-routing-rules",
    ),
    propose=propose,
)
