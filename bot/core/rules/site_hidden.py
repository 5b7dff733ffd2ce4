"""A site's requests are taken by a broader listener, and its clients get something else than their site."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import site
from bot.core.analysis.hidden_site import differing_answer
from bot.core.case.audiences import each_client
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_all


def check(view: BackendView) -> Iterator[Match]:
    """Proven by two answers to the same request: the one that clients get, and that of the site's own pool."""
    own, client = differing_answer(view), view.client
    if own is None or client is None or client.way.hidden is None:
        return
    way = client.way
    wide = mark_all(way.listener.hosts) or "every host name"
    yield Match(
        f"Clients of {mark(way.site)} get the answer of pool {mark(view.pool.name)}, not that of their own pool"
        f" {mark(own.backend.pool.name)}: rule {mark(way.rule.name)} ({wide}) comes before {mark(own.rule.name)}.",
        (
            Evidence("the request as it is served now", commands.curl(view.attempt)),
            Evidence(
                f"{mark(own.backend.server)} of the site's own pool answers it otherwise",
                commands.curl(own.attempt),
            ),
            Evidence(
                f"rule {mark(way.rule.name)} takes it first",
                commands.show_gateway(view.gateway, "requestRoutingRules"),
            ),
        ),
        view.backend,
    )


RULE = Rule(
    id="site_hidden",
    severity="error",
    symptom="A broader listener takes the requests of a site, and its clients do not get their site.",
    cause="v2 evaluates rules by priority, v1 in the order in which they are listed; a wildcard or basic listener that"
    " comes first takes the requests of the sites after it.",
    remedy="Give the rule of the site the smaller priority number (v1: list it first), basic listeners last.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/multiple-site-overview",
        "https://github.com/Azure/application-gateway-kubernetes-ingress/issues/1159",
    ),
    check=each_client(check),
    guide=site.COME_FIRST,
    explains=("live_host_unknown", "client_request_failing", "path_override_unknown"),
)
