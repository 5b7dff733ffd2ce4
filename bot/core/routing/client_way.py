"""Which requests do clients make, and by which route does the gateway serve them?

For every listener, every host that it can take and every path that leads somewhere else, in the gateway's own order:
frontend and port, the rules, the path map
(learn.microsoft.com/azure/application-gateway/configuration-request-routing-rules). A basic listener takes names that
its document does not say, and a wildcard one those that fit: then a name is taken from what is known elsewhere.
"""

from dataclasses import dataclass, replace

from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Gateway, Listener, PathRule, RoutingRule
from bot.core.model.rewrites import RewriteSet
from bot.core.routing.client_asks import Ask, asks, leads_nowhere
from bot.core.routing.client_hosts import ANY_HOST, HostSource
from bot.core.routing.gateway_request import DEFAULT_PROBE_HOST
from bot.core.routing.rewrites import Rewritten
from bot.core.routing.routes import Route, routes


@dataclass(frozen=True, slots=True)
class ClientWay:
    """A request that clients may make, and the route that serves it.

    `pattern` is the one of the path map that takes the path; None where no path rule does. `hidden` is the listener
    that names this host as well, on the same frontend and port, and never gets the request. `condition`, in words: only
    some requests take it, whatever their path. `rewritten` is what may become of the request by the rewrite rule set
    `rewrites`; `taken_by` the pattern that takes it then. `unknown`: that cannot be said, because of this.
    """

    listener: Listener
    rule: RoutingRule
    route: Route
    host: str
    path: str
    pattern: str | None
    source: HostSource
    hidden: Listener | None = None
    condition: str | None = None
    taken_by: str | None = None
    rewrites: RewriteSet | None = None
    rewritten: tuple[Rewritten, ...] = ()
    unknown: str | None = None

    @property
    def site(self) -> str:
        """What a person calls it: the host, and the part of it that this route serves."""
        return _site(self.listener, self.host, self.pattern)


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A request that clients may make, and that the gateway has nowhere to send: a part that it needs is missing.

    `loops` are the names of rewrite rules that have its path map asked for ever.
    """

    listener: Listener
    rule: RoutingRule
    host: str
    path: str
    pattern: str | None
    source: HostSource
    rewrites: RewriteSet | None = None
    loops: tuple[str, ...] = ()

    @property
    def site(self) -> str:
        """As that of a `ClientWay`."""
        return _site(self.listener, self.host, self.pattern)


@asked_once
def client_ways(gateway: Gateway, asked: str | None = None) -> tuple[ClientWay, ...]:
    """Every way of a client's request to a pool; `asked` is the host that somebody asked about, if any."""
    return tuple(
        _way(it, it.route) for it in dict.fromkeys(asks(gateway, asked)) if it.route is not None
    )


@asked_once
def dead_ends(gateway: Gateway, asked: str | None = None) -> tuple[DeadEnd, ...]:
    """Every request of a client that leads to no pool, redirect or policy, although everything of it was read."""
    return tuple(
        _dead_end(it)
        for it in dict.fromkeys(asks(gateway, asked))
        if it.route is None and (it.onward.loops or leads_nowhere(gateway, it))
    )


def is_reached(gateway: Gateway, rule: RoutingRule, entry: PathRule | None = None) -> bool:
    """Whether clients have a request that this rule gets, by that entry of its path map; True where it cannot be told.

    A wider rule or entry that comes before it may take them all.
    """
    listener = next((it for it in gateway.listeners if it.id == rule.listener), None)
    if listener is None or listener.unread:
        return True
    # Nobody knows which requests meet a condition: such an entry gets some wherever its rule does.
    wanted = None if entry is None or entry.condition is not None else entry
    every = asks(gateway, None)
    return any(
        it.rule.id == rule.id and wanted in (None, it.chosen, it.onward.chosen) for it in every
    )


@asked_once
def conditional_ways(gateway: Gateway) -> tuple[ClientWay, ...]:
    """Every way that only some requests of a listener take, and nobody knows which: one for each of its hosts."""
    return tuple(
        _conditional_way(route, host)
        for route in routes(gateway)
        if route.condition is not None
        for host in route.listener.hosts or (ANY_HOST,)
    )


def _conditional_way(route: Route, host: str) -> ClientWay:
    source: HostSource = "listener" if route.listener.hosts else "unknown"
    way = ClientWay(route.listener, route.rule, route, host, "/", None, source)
    return replace(way, condition=route.condition)


def _way(ask: Ask, route: Route) -> ClientWay:
    onward = ask.onward
    way = ClientWay(
        ask.by, ask.rule, route, ask.host, ask.path, ask.pattern, ask.source, ask.hidden
    )
    return replace(
        way,
        condition=onward.condition,
        taken_by=onward.pattern,
        rewrites=onward.rewrites,
        rewritten=onward.variants,
        unknown=onward.unknown,
    )


def _dead_end(ask: Ask) -> DeadEnd:
    end = DeadEnd(ask.by, ask.rule, ask.host, ask.path, ask.pattern, ask.source)
    onward = ask.onward
    if not onward.loops:
        return end
    loops = tuple(dict.fromkeys(name for it in onward.variants for name in it.rules))
    return replace(end, rewrites=onward.rewrites, loops=loops)


def _site(listener: Listener, host: str, pattern: str | None) -> str:
    unknown = host in (ANY_HOST, DEFAULT_PROBE_HOST)
    return (listener.name if unknown else host) + (pattern or "")
