"""Requests for a site are sent to servers that do not know it, while servers of another pool do."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import routing
from bot.core.analysis.misplaced_host import pool_that_serves, routes_of
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_all


def check(view: BackendView) -> Iterator[Match]:
    """The same request is rejected here and answered there, so the rule's pool is the likely mistake."""
    found = pool_that_serves(view)
    if found is None:
        return
    rules = mark_all(dict.fromkeys(it.rule.name for it in routes_of(view.backend, found.host)))
    own, other = mark(view.pool.name), mark(found.pool.name)
    yield Match(
        f"Requests for {mark(found.host)} are sent to pool {own}, whose server {mark(view.server)}"
        f" {found.turned_down}; {mark(found.server)} of pool {other} knows that host.",
        (
            Evidence(
                f"{mark(view.server)} {found.turned_down} when asked for {mark(found.host)}",
                commands.curl(found.own),
            ),
            Evidence(
                f"{mark(found.server)} of pool {other} answers the same request as expected",
                commands.curl(found.attempt),
            ),
            Evidence(
                f"{mark(found.server)} does not answer like that for just any host",
                commands.curl(found.control),
            ),
            Evidence(
                f"rule {rules} leads to pool {own}",
                commands.show_gateway(view.gateway, "requestRoutingRules"),
            ),
        ),
        view.backend,
        # The server of the right pool may just have lost its site, and the other one may be an older copy.
        "medium",
    )


RULE = Rule(
    id="rule_to_wrong_pool",
    severity="error",
    symptom="Requests for a site are sent to a pool that does not know it, and another pool does.",
    cause="The pools of two sites were mixed up in the routing rule or path map.",
    remedy="Point the rule to the pool that knows the site.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
        "https://learn.microsoft.com/azure/application-gateway/configuration-request-routing-rules",
    ),
    check=each_backend(check),
    guide=routing.USE_OTHER_POOL,
    explains=(
        "sni_refused",
        "certificate_name_mismatch",
        "probe_host_or_path_unknown",
        "live_name_mismatch",
        "live_host_unknown",
    ),
)
