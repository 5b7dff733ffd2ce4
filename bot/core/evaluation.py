"""In which order a gateway tries its routing rules, and which listener takes a request from which other.

v1 goes by the order of the document; v2 by priority, 1 first. Rules of a v2 gateway that has no priorities yet
are tried with the more specific listener first, so nothing can be hidden there
(learn.microsoft.com/azure/application-gateway/multiple-site-overview).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.gateway import Gateway, Listener, RoutingRule


@dataclass(frozen=True, slots=True)
class Ordered:
    """A rule with its listener, and its place in the order, in words."""

    rule: RoutingRule
    listener: Listener
    place: str


def in_order(gateway: Gateway) -> tuple[Ordered, ...]:
    """The rules in the order in which they are tried; empty where no order is set."""
    rules = list(gateway.rules)
    if gateway.generation == "v2":
        rules = sorted((it for it in rules if it.priority), key=lambda it: it.priority or 0)
    return tuple(_ordered(gateway, rules))


def _ordered(gateway: Gateway, rules: list[RoutingRule]) -> Iterator[Ordered]:
    listeners = {listener.id: listener for listener in gateway.listeners}
    for number, rule in enumerate(rules, start=1):
        listener = listeners.get(rule.listener)
        if listener is not None:
            by_priority = gateway.generation == "v2"
            place = f"has priority {rule.priority}" if by_priority else f"is number {number}"
            yield Ordered(rule, listener, place)


def shadowed(first: Listener, later: Listener) -> tuple[str, ...]:
    """The host names of `later` that never reach it because `first` takes them."""
    if first.id == later.id or (first.frontend, first.port) != (later.frontend, later.port):
        return ()
    return tuple(host for host in later.hosts if not first.hosts or _taken(first, host))


def _taken(listener: Listener, host: str) -> bool:
    return any(_fits(pattern, host) for pattern in listener.hosts)


def _fits(pattern: str, host: str) -> bool:
    # `*` stands for any characters and `?` for one; a listener of the same name hides nothing by its order.
    parts = (".*" if ch == "*" else "." if ch == "?" else re.escape(ch) for ch in pattern.lower())
    same = pattern.lower() == host.lower()
    return not same and re.fullmatch("".join(parts), host.lower()) is not None
