"""Send a site's requests to the pool whose servers know it."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.misplaced_host import HostInOtherPool, pool_that_serves, routes_of
from bot.core.arm.document import Document, id_of, items, name_of
from bot.core.arm.edit import Value, sub_resource_id
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_all, mark_command
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import POOLS, ROUTING_RULES
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.routes import Backend


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """By hand: it moves the clients of a site to other servers, and only people know where they belong."""
    found = pool_that_serves(view)
    if found is None:
        return NotApplicable("no other pool of the gateway is known to serve the site")
    edits = tuple(_edits(document, view.backend, found))
    steps = tuple(_steps(view, found))
    if not edits:
        return NotApplicable(
            f"a path map sets the pool: send the paths of {mark(found.host)} to pool {mark(found.pool.name)} there",
            steps,
        )
    return Proposal(
        summary=f"send requests for {mark(found.host)} to pool {mark(found.pool.name)} instead of"
        f" {mark(view.pool.name)}",
        edits=edits,
        steps=steps,
    )


def _edits(document: Document, backend: Backend, found: HostInOtherPool) -> Iterator[Value]:
    target = {"id": sub_resource_id(document, POOLS, found.pool.name)}
    for name in _rules(document, backend, found):
        yield edit_builder.set_value(document, ROUTING_RULES, name, "backendAddressPool", target)


def _rules(document: Document, backend: Backend, found: HostInOtherPool) -> Iterator[str]:
    """The rules that lead to the pool directly; those with a path map do not."""
    direct = {it.rule.id for it in routes_of(backend, found.host) if it.rule.pool}
    for entry in items(document, ROUTING_RULES):
        if id_of(entry) in direct:
            yield name_of(entry)


def _steps(view: BackendView, found: HostInOtherPool) -> Iterator[str]:
    yield (
        f"Make sure that {mark(found.host)} belongs to {mark_all(found.pool.servers)} (pool {mark(found.pool.name)}),"
        f" not to {mark_all(view.pool.servers)} (pool {mark(view.pool.name)}): ask whoever runs the site."
    )
    yield f"See for yourself what answers there: {mark_command(commands.curl(found.attempt))}"
    for route in routes_of(view.backend, found.host):
        if route.rule.pool:
            pool = ("--address-pool", found.pool.name)
            change = commands.change(view.gateway, "rule", "update", route.rule.name, pool)
            yield f"Change the rule: {mark_command(change)}"
    yield f"Then check again: {mark_command(commands.show_health(view.gateway))}"


OPTION = Option(
    id="send_to_other_pool",
    title="Send the site to the pool that knows it",
    automated=False,
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-request-routing-rules",
    ),
    propose=propose,
)
