"""Which requests do clients make, and by which route does the gateway serve them?

For every listener, every host that it can take and every path that leads somewhere else, in the gateway's own order:
frontend and port, the rules, the path map
(learn.microsoft.com/azure/application-gateway/configuration-request-routing-rules). A basic listener takes names that
its document does not say, and a wildcard one those that fit: then a name is taken from what is known elsewhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.model.asked_once import asked_once
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway, HttpSettings, Listener, PathRule, RoutingRule
from bot.core.model.hostname import certificate_names, fits, is_wildcard
from bot.core.model.rewrites import RewriteSet
from bot.core.routing.gateway_request import DEFAULT_PROBE_HOST, name_or_none
from bot.core.routing.paths import shortest_path, taking_pattern, taking_rule
from bot.core.routing.rewrites import Rewritten
from bot.core.routing.rewritten_way import Onward, asked_url, onwards
from bot.core.routing.routes import Route, routes, routes_by_path
from bot.core.routing.rule_order import rules_in_order, rules_matching_host, shadowed

HostSource = Literal["listener", "asked", "certificate", "probe", "any", "unknown"]
"""How a client's host is known: the listener names it, somebody asked about it, the listener's certificate is for it,
the health probe asks for it; `any`: the HTTP settings send a host of their own, whatever clients ask for; `unknown`:
the host is the listener's pattern, and no name that fits it is known."""

ANY_HOST = "*"


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
        _way(it, it.route) for it in dict.fromkeys(_asks(gateway, asked)) if it.route is not None
    )


@asked_once
def dead_ends(gateway: Gateway, asked: str | None = None) -> tuple[DeadEnd, ...]:
    """Every request of a client that leads to no pool, redirect or policy, although everything of it was read."""
    return tuple(
        _dead_end(it)
        for it in dict.fromkeys(_asks(gateway, asked))
        if it.route is None and (it.onward.loops or _leads_nowhere(gateway, it))
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
    asks = _asks(gateway, None)
    return any(
        it.rule.id == rule.id and wanted in (None, it.chosen, it.onward.chosen) for it in asks
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


@dataclass(frozen=True, slots=True)
class _Ask:
    """A request of a client, and what takes it: the listener, its rule, the path rule, and the route, if any.

    `onward` is what takes it once it is rewritten; the route is of that.
    """

    by: Listener
    rule: RoutingRule
    chosen: PathRule | None
    route: Route | None
    host: str
    path: str
    pattern: str | None
    source: HostSource
    hidden: Listener | None
    onward: Onward


def _way(ask: _Ask, route: Route) -> ClientWay:
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


def _dead_end(ask: _Ask) -> DeadEnd:
    end = DeadEnd(ask.by, ask.rule, ask.host, ask.path, ask.pattern, ask.source)
    onward = ask.onward
    if not onward.loops:
        return end
    loops = tuple(dict.fromkeys(name for it in onward.variants for name in it.rules))
    return replace(end, rewrites=onward.rewrites, loops=loops)


@asked_once
def _asks(gateway: Gateway, asked: str | None) -> tuple[_Ask, ...]:
    return tuple(_each_ask(gateway, asked))


def _each_ask(gateway: Gateway, asked: str | None) -> Iterator[_Ask]:
    every = routes(gateway)
    by_rule: dict[str, list[Route]] = {}
    for route in every:
        by_rule.setdefault(route.rule.id, []).append(route)
    for listener in gateway.listeners:
        if listener.unread:
            continue
        for host, source in _hosts(gateway, listener, every, asked):
            taken = _taken(gateway, listener, host)
            if taken is None:
                continue
            rule, by = taken
            hidden = listener if by.id != listener.id else None
            ends = by_rule.get(rule.id, [])
            for path, chosen, pattern in _paths(gateway, rule, ends):
                url = asked_url(by, host, path)
                for onward in onwards(gateway, rule, chosen, pattern, url):
                    led = () if onward.loops else routes_by_path(ends, rule, onward.chosen)
                    for end in led or (None,):
                        yield _Ask(
                            by, rule, chosen, end, host, path, pattern, source, hidden, onward
                        )


def _leads_nowhere(gateway: Gateway, ask: _Ask) -> bool:
    chosen = ask.onward.chosen
    target = chosen or ask.rule
    known_map = ask.rule.path_map is None or chosen is not None
    lost_map = ask.rule.path_map not in {None, *(it.id for it in gateway.path_maps)}
    if target.redirect or target.unread or ask.rule.unread or target.policy is not None:
        return False
    pools, settings = ({it.id for it in found} for found in (gateway.pools, gateway.http_settings))
    lacking = target.pool not in pools or target.settings not in settings
    return lost_map or (known_map and lacking)


def _taken(gateway: Gateway, listener: Listener, host: str) -> tuple[RoutingRule, Listener] | None:
    """The rule and listener that get a request for this host on the listener's frontend and port."""
    if host in (ANY_HOST, DEFAULT_PROBE_HOST) or is_wildcard(host):
        own = ((it, listener) for it in gateway.rules if it.listener == listener.id)
        return _wider_before(gateway, listener, host) or next(own, None)
    return next(
        (
            (rule, it)
            for rule, it in rules_matching_host(gateway, host)
            if (it.frontend, it.port) == (listener.frontend, listener.port)
        ),
        None,
    )


def _wider_before(
    gateway: Gateway, listener: Listener, pattern: str
) -> tuple[RoutingRule, Listener] | None:
    """The first rule that takes whatever fits this pattern of a listener before the listener's own; None: none does."""
    for it in rules_in_order(gateway):
        if it.listener.id == listener.id:
            return None
        if pattern in shadowed(it.listener, listener):
            return it.rule, it.listener
    return None


def _hosts(
    gateway: Gateway, listener: Listener, every: Iterable[Route], asked: str | None
) -> Iterator[tuple[str, HostSource]]:
    """The hosts to ask for at one listener, and how each is known."""
    for pattern in listener.hosts or (ANY_HOST,):
        if not is_wildcard(pattern):
            yield pattern, "listener"
            continue
        ours = [it for it in every if it.listener.id == listener.id]
        found = _known(gateway, listener, pattern, ours, asked)
        if found is not None:
            yield found
        else:
            own = all(_sends_its_own(it.settings) for it in ours)
            yield pattern, "any" if own else "unknown"


def _known(
    gateway: Gateway, listener: Listener, pattern: str, ours: list[Route], asked: str | None
) -> tuple[str, HostSource] | None:
    """A name that fits the pattern and reaches this listener; the surest source first."""
    for host, source in _candidates(gateway, listener, ours, asked):
        taken = _taken(gateway, listener, host) if fits(pattern, host) else None
        if taken is not None and taken[1].id == listener.id:
            return host, source
    return None


def _candidates(
    gateway: Gateway, listener: Listener, ours: list[Route], asked: str | None
) -> Iterator[tuple[str, HostSource]]:
    if asked is not None:
        yield asked, "asked"
    shown = next(
        (it for it in gateway.listener_certificates if it.id == listener.certificate), None
    )
    if shown is not None and isinstance(shown.certificate, Certificate):
        yield from (
            (it, "certificate") for it in filter(name_or_none, certificate_names(shown.certificate))
        )
    if all(_sends_its_own(it.settings) for it in ours):
        return
    for route in ours:
        probe = gateway.probe_of(route.settings)
        if probe is not None and probe.host and not probe.pick_host_from_settings:
            yield probe.host, "probe"
    # Nobody knows a name: what the default probe sends is all that can be asked for.
    yield DEFAULT_PROBE_HOST, "probe"


def _sends_its_own(settings: HttpSettings) -> bool:
    return bool(settings.host_name) or settings.pick_host_from_address


def _paths(
    gateway: Gateway, rule: RoutingRule, ends: list[Route]
) -> Iterator[tuple[str, PathRule | None, str | None]]:
    """Paths worth asking for: the probe's, `/`, and the shortest that a path rule takes; and what takes each.

    A probe's path says something of a site only where the route that takes it is the one with that probe.
    """
    rules = gateway.path_rules(rule)
    probes = [(it, gateway.probe_of(it.settings)) for it in ends]
    probed = (
        it.path
        for end, it in probes
        if it is not None and end in routes_by_path(ends, rule, taking_rule(rules, it.path))
    )
    wanted = dict.fromkeys((*probed, "/", *(path for it in rules for path in _shortest(rules, it))))
    for path in wanted:
        chosen = taking_rule(rules, path)
        default = chosen is None or chosen.paths == ("/*",)
        pattern = None if default or chosen is None else taking_pattern(chosen, path)
        yield path, chosen, pattern


def _shortest(rules: tuple[PathRule, ...], one: PathRule) -> list[str]:
    """The shortest path that this path rule gets, if any: an earlier one may take those of its patterns."""
    own = (it for it in map(shortest_path, one.paths) if taking_rule(rules, it) == one)
    return sorted(own, key=len)[:1]


def _site(listener: Listener, host: str, pattern: str | None) -> str:
    return (listener.name if host == ANY_HOST else host) + (pattern or "")
