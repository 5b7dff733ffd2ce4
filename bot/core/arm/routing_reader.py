"""ARM's JSON of listeners, routing rules and path maps: how a request finds its pool."""

from collections.abc import Mapping

from bot.core.arm.backend_reader import protocol_of
from bot.core.arm.entry import Entry
from bot.core.arm.unfollowed import LISTENERS, PATH_MAPS, RULES
from bot.core.model.gateway import Listener, PathMap, PathRule, Redirect, RoutingRule

_LOST_PATHS = PathRule("unread", (), None, None, redirect=None, unread=True)
"""Stands for entries of a path map that are no entries."""


def read_listeners(properties: Entry, ports: Mapping[str, int | None]) -> tuple[Listener, ...]:
    """The HTTP and HTTPS listeners of a gateway; `ports` maps the ids of its frontend ports to their numbers."""
    return tuple(_listener(it, ports) for it in properties.entries(LISTENERS))


def read_rules(properties: Entry) -> tuple[RoutingRule, ...]:
    """The request routing rules of a gateway."""
    return tuple(map(_rule, properties.entries(RULES)))


def read_path_maps(properties: Entry) -> tuple[PathMap, ...]:
    """The URL path maps of a gateway; the last rule of each is its default."""
    return tuple(map(_path_map, properties.entries(PATH_MAPS)))


def read_redirects(properties: Entry) -> tuple[Redirect, ...]:
    """Where the redirects of rules and path maps lead."""
    return tuple(map(_redirect, properties.entries("redirectConfigurations")))


def _listener(item: Entry, ports: Mapping[str, int | None]) -> Listener:
    found = item.properties
    return Listener(
        item.id,
        item.name,
        protocol_of(found),
        ports.get(found.reference("frontendPort") or ""),
        listener_hosts(item),
        found.reference("frontendIPConfiguration"),
        found.reference("sslCertificate"),
        unread=not item.is_whole,
    )


def listener_hosts(item: Entry) -> tuple[str, ...]:
    """The host names that a listener serves, without repeats; none: it takes every name."""
    single = item.properties.text("hostName")
    return tuple(
        dict.fromkeys(((single,) if single else ()) + item.properties.texts("hostNames", lone=True))
    )


def _rule(item: Entry) -> RoutingRule:
    found = item.properties
    return RoutingRule(
        id=item.id,
        name=item.name,
        priority=found.number("priority"),
        listener=found.reference("httpListener") or "",
        pool=found.reference("backendAddressPool"),
        settings=found.reference("backendHttpSettings"),
        path_map=found.reference("urlPathMap") or found.reference("advancedRoutingMap"),
        redirect=found.reference("redirectConfiguration"),
        policy=found.reference("loadDistributionPolicy"),
        rewrites=found.reference("rewriteRuleSet"),
        unread=not item.is_whole,
    )


def _redirect(item: Entry) -> Redirect:
    found = item.properties
    return Redirect(
        item.id,
        found.reference("targetListener"),
        found.text("targetUrl"),
        bool(found.flag("includePath")),
    )


def _path_map(item: Entry) -> PathMap:
    found = item.properties
    default = PathRule(
        name="default",
        paths=("/*",),
        pool=found.reference("defaultBackendAddressPool"),
        settings=found.reference("defaultBackendHttpSettings"),
        redirect=found.reference("defaultRedirectConfiguration"),
        policy=found.reference("defaultLoadDistributionPolicy"),
        rewrites=found.reference("defaultRewriteRuleSet"),
        # Its entries come after this one, and each of them answers for itself.
        unread=not item.is_whole,
    )
    rules = tuple(map(_path_rule, found.entries("pathRules")))
    lost = () if found.holds_objects("pathRules") else (_LOST_PATHS,)
    return PathMap(item.id, item.name, (*rules, *lost, default))


def _path_rule(item: Entry) -> PathRule:
    found = item.properties
    return PathRule(
        name=item.name,
        paths=found.texts("paths", lone=True),
        pool=found.reference("backendAddressPool"),
        settings=found.reference("backendHttpSettings"),
        redirect=found.reference("redirectConfiguration"),
        policy=found.reference("loadDistributionPolicy"),
        rewrites=found.reference("rewriteRuleSet"),
        unread=not item.is_whole,
    )
