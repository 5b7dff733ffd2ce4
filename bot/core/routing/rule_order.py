"""In which order a gateway tries its routing rules, and which listener takes a request from which other.

v1 goes by the order of the document; v2 by priority, 1 first, and also where a wildcard so comes before an exact
name: "the request routing rule with highest priority will be used". Rules of a v2 gateway that has no priorities yet
are tried with the more specific listener first, so nothing can be hidden there
(learn.microsoft.com/azure/application-gateway/multiple-site-overview and .../configuration-listeners).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Gateway, Listener, RoutingRule
from bot.core.model.hostname import fits, is_wildcard

_LAST = 20_001
"""After the greatest priority that a rule may have."""


@dataclass(frozen=True, slots=True)
class OrderedRule:
    """A rule with its listener, and its place in the order, in words."""

    rule: RoutingRule
    listener: Listener
    place: str


@asked_once
def rules_in_order(gateway: Gateway) -> tuple[OrderedRule, ...]:
    """The rules in the order in which they are tried; empty where no order is set."""
    rules = list(gateway.rules)
    if gateway.traits.rules_by_priority:
        rules = sorted((it for it in rules if it.priority), key=lambda it: it.priority or 0)
    return tuple(_ordered(gateway, rules))


def _ordered(gateway: Gateway, rules: list[RoutingRule]) -> Iterator[OrderedRule]:
    listeners = {it.id: it for it in gateway.listeners if not it.unread}
    for number, rule in enumerate(rules, start=1):
        listener = listeners.get(rule.listener)
        if listener is not None:
            by_priority = gateway.traits.rules_by_priority
            place = f"has priority {rule.priority}" if by_priority else f"is number {number}"
            yield OrderedRule(rule, listener, place)


def rules_matching_host(gateway: Gateway, host: str) -> tuple[tuple[RoutingRule, Listener], ...]:
    """The rules whose listeners take requests for `host`, on whatever port, in the order in which they are tried."""
    listeners = {it.id: it for it in gateway.listeners if not it.unread}
    every = [(it, listeners[it.listener]) for it in gateway.rules if it.listener in listeners]
    taking = [(rule, it) for rule, it in every if not it.hosts or _named(it, host)]
    if gateway.traits.rules_by_priority:
        taking.sort(key=lambda it: (it[0].priority or _LAST, _width(it[1], host)))
    return tuple(taking)


def shadowed(first: Listener, later: Listener) -> tuple[str, ...]:
    """The host names of `later` that never reach it because `first` takes them."""
    if first.id == later.id or (first.frontend, first.port) != (later.frontend, later.port):
        return ()
    return tuple(host for host in later.hosts if not first.hosts or _taken(first, host))


def _taken(listener: Listener, host: str) -> bool:
    # A listener of the same name hides nothing by its order.
    wide = (it for it in listener.hosts if it.lower() != host.lower())
    return any(fits(pattern, host) for pattern in wide)


def _named(listener: Listener, host: str) -> bool:
    return any(fits(pattern, host) for pattern in listener.hosts)


def _width(listener: Listener, host: str) -> int:
    """0 its very name, 1 a wildcard, 2 a basic listener."""
    if not listener.hosts:
        return 2
    exact = (it for it in listener.hosts if not is_wildcard(it))
    return 0 if any(fits(it, host) for it in exact) else 1
