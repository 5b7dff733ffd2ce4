"""Which route serves a URL? As the gateway chooses: port, then the rules in their order, then the rule's path map.

In a path map the first path that fits wins, else its default
(learn.microsoft.com/azure/application-gateway/configuration-request-routing-rules#order-of-processing-rules).
"""

from dataclasses import dataclass

from bot.core.model.gateway import Gateway, Listener, RoutingRule
from bot.core.routing.paths import taking_rule
from bot.core.routing.routes import Backend, Route, routes, routes_by_path
from bot.core.routing.rule_order import rules_matching_host

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Site:
    """What a person spoke of: a host name in lower case, a path that begins with a slash; scheme and port if said."""

    host: str
    path: str = "/"
    scheme: str | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class ServedSite:
    """A site that was asked about, and the route that serves it."""

    site: Site
    route: Route


def serving_route(gateway: Gateway, site: Site) -> Route | None:
    """The route that a request for this site takes to a pool; None if it takes none, or nobody can say which.

    A port that was named is meant. Else the scheme's port is asked first, and then the others: nobody types a port,
    `http://` may be habit, and who sees an error behind a redirect has followed it.
    """
    if site.port is not None:
        return _on_port(gateway, site, site.port)
    asked = [_PORTS[site.scheme]] if site.scheme in _PORTS else []
    ports = dict.fromkeys((*asked, *_PORTS.values(), *(it.port for it in gateway.listeners)))
    found = (_on_port(gateway, site, port) for port in ports)
    return next((it for it in found if it is not None), None)


def serves(backend: Backend, route: Route) -> bool:
    """Whether the backend stands at an end of the route, of which one with a load distribution policy has several."""
    return backend.place in route.places


def _on_port(gateway: Gateway, site: Site, port: int | None) -> Route | None:
    """Where the first rule that takes the host leads; None if public and private frontends lead to different ends."""
    first: dict[str | None, tuple[RoutingRule, Listener]] = {}
    for rule, listener in rules_matching_host(gateway, site.host):
        if listener.port == port:
            first.setdefault(listener.frontend, (rule, listener))
    found = [_end(gateway, rule, site.path) for rule, _ in first.values()]
    ends = {it.place: it for it in reversed(found) if it is not None}
    return next(iter(ends.values())) if len(ends) == 1 else None


def _end(gateway: Gateway, rule: RoutingRule, path: str) -> Route | None:
    """The route of a path by this rule, by a policy that of its first pool; None for a redirect, which has no pool."""
    chosen = taking_rule(gateway.path_rules(rule), path)
    return next(iter(routes_by_path(routes(gateway), rule, chosen)), None)
