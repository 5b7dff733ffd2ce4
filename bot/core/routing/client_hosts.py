"""Which hosts clients ask for at a listener, and how each is known.

A basic listener takes names that its document does not say, and a wildcard one those that fit: then a name is taken
from what is known elsewhere.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway, HttpSettings, Listener, RoutingRule
from bot.core.model.hostname import certificate_names, fits, is_wildcard
from bot.core.routing.gateway_request import DEFAULT_PROBE_HOST, name_or_none
from bot.core.routing.routes import Route
from bot.core.routing.rule_order import rules_in_order, rules_matching_host, shadowed

HostSource = Literal["listener", "asked", "certificate", "probe", "any", "unknown"]
"""How a client's host is known: the listener names it, somebody asked about it, the listener's certificate is for it,
the health probe asks for it; `any`: the HTTP settings send a host of their own, whatever clients ask for; `unknown`:
the host is the listener's pattern, and no name that fits it is known."""

ANY_HOST = "*"


def taken(gateway: Gateway, listener: Listener, host: str) -> tuple[RoutingRule, Listener] | None:
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


def hosts_of(
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
        found = taken(gateway, listener, host) if fits(pattern, host) else None
        if found is not None and found[1].id == listener.id:
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
