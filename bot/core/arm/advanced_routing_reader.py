"""ARM's JSON of advanced routing maps -> `PathMap`: their rules in the order of priority, the default last.

Shape: azure-mgmt-network 33.1.0, ApplicationGatewayAdvancedRoutingMap. All conditions of a set must be satisfied, and
rules are tried by ascending priority. A rule that asks for paths alone is like one of a path map. What else it asks for
(a header, a query argument, the method, the client's address) is told in words: which requests have it, nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.arm.entry import Entry
from bot.core.model.gateway import PathMap, PathRule
from bot.core.model.marked import mark

ADVANCED_MAPS, CONDITION_SETS = "advancedRoutingMaps", "advancedRoutingConditionSets"

_LAST = 20_001
_LOST = PathRule("unread", (), None, None, redirect=None, unread=True)
_WORDS = {
    "header": "header",
    "querystring": "query argument",
    "path": "path",
    "clientip": "client address",
    "method": "method",
}
_SENT_BY_MOST = ("host", "user-agent", "accept", "connection", "cookie", "content-", "x-forwarded-")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a rule asks of a request: paths alone, or conditions in words.

    `special`: only a request that carries something of its own fits, so that every other one is left for later rules.
    """

    paths: tuple[str, ...] = ()
    said: str = "something that cannot be read"
    special: bool = False
    unread: bool = False


def read_advanced_maps(properties: Entry) -> tuple[PathMap, ...]:
    """Every advanced routing map of a gateway, in the document's order."""
    sets = {it.id: it for it in properties.entries(CONDITION_SETS)}
    return tuple(_map(it, sets) for it in properties.entries(ADVANCED_MAPS))


def _map(item: Entry, sets: Mapping[str, Entry]) -> PathMap:
    found = item.properties
    pool = found.reference("defaultBackendAddressPool")
    settings = found.reference("defaultBackendHttpSettings")
    redirect = found.reference("defaultRedirectConfiguration")
    rewrites = found.reference("defaultRewriteRuleSet")
    # The rules come after this, and each of them answers for itself.
    unread = not item.is_whole
    rules: list[PathRule] = []
    before: str | None = None
    for entry in sorted(found.entries("advancedRoutingRules"), key=_priority):
        wanted = _wanted(entry.properties, sets)
        rules.append(_rule(entry, wanted, before))
        if before is None and not wanted.paths and not wanted.special:
            before = f"{mark(entry.name)} takes those where {wanted.said}"
    lost = () if found.holds_objects("advancedRoutingRules") else (_LOST,)
    paths, condition = (("/*",), None) if before is None else ((), _left_by(before))
    default = PathRule(
        "default",
        paths,
        pool,
        settings,
        redirect,
        None,
        unread=unread,
        condition=condition,
        rewrites=rewrites,
    )
    return PathMap(item.id, item.name, (*rules, *lost, default), kind="advanced routing map")


def _priority(entry: Entry) -> int:
    return entry.properties.number("priority") or _LAST


def _rule(entry: Entry, wanted: _Wanted, before: str | None) -> PathRule:
    """The rule; `before`: an earlier one may take any of its requests."""
    found = entry.properties
    own = None if wanted.paths else wanted.said
    left = _left_by(before) if before else None
    condition = " and ".join(filter(None, (own, left))) or None
    return PathRule(
        entry.name,
        () if condition else wanted.paths,
        found.reference("backendAddressPool"),
        found.reference("backendHttpSettings"),
        found.reference("redirectConfiguration"),
        None,
        rewrites=found.reference("rewriteRuleSet"),
        unread=wanted.unread or not entry.is_whole,
        condition=condition,
    )


def _left_by(before: str) -> str:
    return f"no rule before it takes the request ({before})"


def _wanted(rule: Entry, sets: Mapping[str, Entry]) -> _Wanted:
    asked = rule.reference("advancedRoutingConditionSet")
    if asked is None:
        return _Wanted(("/*",))
    if asked not in sets:
        return _Wanted(unread=True)
    found = sets[asked]
    conditions = found.properties.entries("routingConditions")
    said = " and ".join(map(_said, conditions))
    known = bool(conditions) and all(_kind(it) in _WORDS for it in conditions)
    if not known or not found.is_whole:
        return _Wanted(unread=True)
    alone = conditions[0].texts("propertyValues") if len(conditions) == 1 else ()
    if alone and _kind(conditions[0]) == "path":
        return _Wanted(alone)
    return _Wanted(said=said, special=any(map(_is_special, conditions)))


def _kind(condition: Entry) -> str:
    return (condition.text("conditionType") or "").lower()


def _is_special(condition: Entry) -> bool:
    """Whether it asks for a header or an argument that most requests do not have."""
    name = (condition.text("propertyName") or "").lower()
    if condition.entry("propertyValueMatcher").flag("negate"):
        return False
    kind = _kind(condition)
    return kind == "querystring" or (kind == "header" and not name.startswith(_SENT_BY_MOST))


def _said(condition: Entry) -> str:
    name = condition.text("propertyName")
    kind = _WORDS.get(_kind(condition), "")
    shown = f"{kind} {mark(name)}" if name else kind
    matcher = condition.entry("propertyValueMatcher")
    pattern = matcher.text("pattern")
    if pattern is not None:
        verb = "does not match" if matcher.flag("negate") else "matches"
        return f"{shown} {verb} {mark(pattern)}"
    return f"{shown} is {' or '.join(map(mark, condition.texts('propertyValues')))}"
