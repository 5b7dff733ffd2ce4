"""Every request that clients may make, and what takes it: listener, rule, path rule, and what becomes of it then."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Gateway, Listener, PathRule, RoutingRule
from bot.core.routing.client_hosts import HostSource, hosts_of, taken
from bot.core.routing.paths import shortest_path, taking_pattern, taking_rule
from bot.core.routing.rewritten_way import Onward, asked_url, onwards
from bot.core.routing.routes import Route, routes, routes_by_path


@dataclass(frozen=True, slots=True)
class Ask:
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


@asked_once
def asks(gateway: Gateway, asked: str | None) -> tuple[Ask, ...]:
    """All of them, in the order of listeners; `asked` is the host that somebody asked about, if any."""
    return tuple(_each_ask(gateway, asked))


def _each_ask(gateway: Gateway, asked: str | None) -> Iterator[Ask]:
    every = routes(gateway)
    by_rule: dict[str, list[Route]] = {}
    for route in every:
        by_rule.setdefault(route.rule.id, []).append(route)
    for listener in gateway.listeners:
        if listener.unread:
            continue
        for host, source in hosts_of(gateway, listener, every, asked):
            got = taken(gateway, listener, host)
            if got is None:
                continue
            rule, by = got
            hidden = listener if by.id != listener.id else None
            ends = by_rule.get(rule.id, [])
            for path, chosen, pattern in _paths(gateway, rule, ends):
                url = asked_url(by, host, path)
                for onward in onwards(gateway, rule, chosen, pattern, url):
                    led = () if onward.loops else routes_by_path(ends, rule, onward.chosen)
                    for end in led or (None,):
                        yield Ask(
                            by, rule, chosen, end, host, path, pattern, source, hidden, onward
                        )


def leads_nowhere(gateway: Gateway, ask: Ask) -> bool:
    """Whether a part is missing that it needs to be sent on; False where what it needs could not be read."""
    chosen = ask.onward.chosen
    target = chosen or ask.rule
    known_map = ask.rule.path_map is None or chosen is not None
    lost_map = ask.rule.path_map not in {None, *(it.id for it in gateway.path_maps)}
    if target.redirect or target.unread or ask.rule.unread or target.policy is not None:
        return False
    pools, settings = ({it.id for it in found} for found in (gateway.pools, gateway.http_settings))
    lacking = target.pool not in pools or target.settings not in settings
    return lost_map or (known_map and lacking)


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
