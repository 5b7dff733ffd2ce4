"""What of a gateway is not followed to its backends, in words: parts of other kinds, and parts that cannot be read.

Nobody is accused of what could not be read: a rule that leads to such a part counts as not followed, not as wrong.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from bot.core.arm.advanced_routing_reader import ADVANCED_MAPS
from bot.core.arm.distribution_reader import POLICIES
from bot.core.arm.entry import Entry
from bot.core.arm.proxy_reader import PROXY_RULES
from bot.core.model.gateway import Gateway, HttpSettings, PathMap, PathRule, RoutingRule
from bot.core.model.load_distribution import LoadDistributionPolicy
from bot.core.model.marked import mark

POOLS, SETTINGS, LISTENERS = "backendAddressPools", "backendHttpSettingsCollection", "httpListeners"
RULES, PATH_MAPS = "requestRoutingRules", "urlPathMaps"

_Lost = Mapping[str, Collection[str]]
"""The collections that were not read whole, each with the ids that were read of it."""


def with_unfollowed(gateway: Gateway, properties: Entry) -> Gateway:
    """The gateway with its notes, and with what is not followed in it; `properties` are those it was read from."""
    collections = (
        (POOLS, gateway.pools),
        (SETTINGS, gateway.http_settings),
        (LISTENERS, gateway.listeners),
        (PATH_MAPS, gateway.path_maps),
        (ADVANCED_MAPS, gateway.path_maps),
        (POLICIES, gateway.policies),
    )
    lost = {
        name: {part.id for part in parts}
        for name, parts in collections
        if not properties.holds_objects(name)
    }
    found = replace(
        gateway,
        rules=tuple(_rule(it, lost) for it in gateway.rules),
        path_maps=tuple(_path_map(it, lost) for it in gateway.path_maps),
        policies=tuple(_policy(it, lost) for it in gateway.policies),
    )
    unfollowed = (
        *_unread_rules(properties),
        *_proxy_rules(found, properties),
        *_unfollowed(found),
    )
    return replace(found, unfollowed=unfollowed, notes=(*_notes(properties), *properties.notes.all))


def _rule(rule: RoutingRule, lost: _Lost) -> RoutingRule:
    """The rule, unread if it leads to a part that is not there, but may be among those that were not read."""
    wanted = (
        (LISTENERS, rule.listener),
        (POOLS, rule.pool),
        (SETTINGS, rule.settings),
        (PATH_MAPS, rule.path_map),
        (ADVANCED_MAPS, rule.path_map),
        (POLICIES, rule.policy),
    )
    return replace(rule, unread=rule.unread or _may_be_lost(wanted, lost))


def _path_map(path_map: PathMap, lost: _Lost) -> PathMap:
    return replace(path_map, rules=tuple(_path_rule(it, lost) for it in path_map.rules))


def _path_rule(rule: PathRule, lost: _Lost) -> PathRule:
    wanted = ((POOLS, rule.pool), (SETTINGS, rule.settings), (POLICIES, rule.policy))
    return replace(rule, unread=rule.unread or _may_be_lost(wanted, lost))


def _policy(policy: LoadDistributionPolicy, lost: _Lost) -> LoadDistributionPolicy:
    wanted = [(POOLS, it) for it in policy.pools]
    return replace(policy, unread=policy.unread or _may_be_lost(wanted, lost))


def _may_be_lost(wanted: Iterable[tuple[str, str | None]], lost: _Lost) -> bool:
    return any(part and name in lost and part not in lost[name] for name, part in wanted)


def _notes(properties: Entry) -> Iterator[str]:
    for item in properties.entries(RULES):
        # azure-mgmt-network, OnUnauthenticatedRequest: redirected to sign in, denied, or let through.
        if item.properties.holds("authConfigs"):
            yield (
                f"Rule {mark(item.name)} may make clients sign in first (authConfigs): what is said of clients is true"
                " of those who have"
            )


def _unread_rules(properties: Entry) -> Iterator[str]:
    # Whoever shows no rule at all has not shown everything, or serves nobody: neither is healthy.
    every, whole = len(properties.values(RULES)), len(properties.entries(RULES))
    if every > whole:
        yield f"{every - whole} of {every} routing rules, which cannot be read"
    elif not whole and not properties.entries(PROXY_RULES):
        yield "the gateway's routing rules, of which none was read"


def _proxy_rules(gateway: Gateway, properties: Entry) -> Iterator[str]:
    every, whole = len(properties.values(PROXY_RULES)), len(gateway.proxy_rules)
    if every > whole:
        yield f"{every - whole} of {every} TCP/TLS proxy rules, which cannot be read"
    for rule in gateway.proxy_rules:
        because = _unfollowed_proxy(gateway, rule)
        if because:
            yield f"TCP/TLS proxy rule {mark(rule.name)} ({because})"


def _unfollowed_proxy(gateway: Gateway, rule: RoutingRule) -> str | None:
    listener = next((it for it in gateway.proxy_listeners if it.id == rule.listener), None)
    settings = next((it for it in gateway.proxy_settings if it.id == rule.settings), None)
    if rule.unread:
        return "which cannot be read whole"
    if listener is None or settings is None or rule.pool not in {it.id for it in gateway.pools}:
        return "its listener, pool or backend settings are not there"
    if listener.unread:
        return "its listener cannot be read whole"
    if settings.proxy_header:
        return f"backend settings {mark(settings.name)} send the PROXY header, which agw does not"
    return _unread_end(gateway, settings)


def _unfollowed(gateway: Gateway) -> Iterator[str]:
    settings = {it.id: it for it in gateway.http_settings}
    unread = {it.id for it in gateway.listeners if it.unread}

    def reason(rule: RoutingRule | PathRule) -> str | None:
        if rule.unread:
            return "which cannot be read whole"
        if rule.policy is not None and (why := _unfollowed_policy(gateway, rule.policy)):
            return why
        return _unread_end(gateway, settings.get(rule.settings or ""))

    for rule in gateway.rules:
        because = "its listener cannot be read whole" if rule.listener in unread else reason(rule)
        if because:
            yield f"rule {mark(rule.name)} ({because})"
    for path_map in gateway.path_maps:
        for because in dict.fromkeys(filter(None, map(reason, path_map.rules))):
            yield f"{path_map.kind} {mark(path_map.name)} ({because})"


def _unfollowed_policy(gateway: Gateway, policy_id: str) -> str | None:
    policy = gateway.policy(policy_id)
    if policy is None:
        return "its load distribution policy is not there"
    shown = f"load distribution policy {mark(policy.name)}"
    if policy.unread:
        return f"{shown} cannot be read whole"
    pools = {it.id for it in gateway.pools}
    if not policy.targets or any(it.pool not in pools for it in policy.targets):
        return f"{shown} leads to a pool that is not there"
    return None


def _unread_end(gateway: Gateway, settings: HttpSettings | None) -> str | None:
    if settings is None:
        return None
    if settings.unread:
        kind = "backend settings" if settings.layer4 else "HTTP settings"
        return f"{kind} {mark(settings.name)} cannot be read whole"
    probe = gateway.probe_of(settings)
    return f"probe {mark(probe.name)} cannot be read whole" if probe and probe.unread else None
