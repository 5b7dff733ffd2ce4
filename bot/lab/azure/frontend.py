"""Which route a client's request takes through a gateway: its listener, its rule, its path rule.

Order of the rules: https://learn.microsoft.com/azure/application-gateway/multiple-site-overview and "Order of
processing listeners" in https://learn.microsoft.com/azure/application-gateway/configuration-listeners
Paths: https://learn.microsoft.com/azure/application-gateway/url-route-overview
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.lab.azure.document import is_v1, part_by_id, pools_of
from bot.lab.values import Json

# A rule may have a priority from 1 to 20000.
_LAST = 20_001


@dataclass(frozen=True, slots=True)
class Entry:
    """Where requests come in: an address of the gateway by its id, a port, with or without TLS."""

    frontend: str
    port: int
    secure: bool

    @property
    def scheme(self) -> str:
        return "https" if self.secure else "http"


@dataclass(frozen=True, slots=True)
class RequestRoute:
    """What a gateway does with a request: names of the parts that decide, ids of those that follow.

    `matched` is the pattern of the path rule that was taken, None where there is none or the default was. It leads to a
    `pool` with `settings`, or to a `redirect`; by a load distribution policy to `more_pools` as well.
    """

    listener: str
    rule: str
    matched: str | None = None
    pool: str | None = None
    settings: str | None = None
    redirect: str | None = None
    rewrites: str | None = None
    more_pools: tuple[str, ...] = ()


def entries(document: Json) -> list[Entry]:
    """Every place at which a listener waits, each once."""
    found = (_entry(document, each["properties"]) for each in _listeners(document))
    return list(dict.fromkeys(found))


def route_of(document: Json, entry: Entry, host: str, path: str) -> RequestRoute | None:
    """The route of a request for `host` and `path` that comes in at `entry`; None: no listener takes it."""
    for rule, listener in _rules_at(document, entry):
        if takes(listener["properties"], host) and not _is_disabled(document, listener):
            return _route_by(document, rule, listener["name"], path)
    return None


def _is_disabled(document: Json, listener: Json) -> bool:
    """Whether the gateway cannot fetch its certificate from Key Vault, having no identity: then it takes no request.

    https://learn.microsoft.com/azure/application-gateway/application-gateway-key-vault-common-errors
    """
    shown = part_by_id(document, listener["properties"].get("sslCertificate")) or {}
    return bool(shown.get("keyVaultSecretId")) and not document.get("identity")


def names_at(document: Json, entry: Entry) -> list[str]:
    """The host names, without patterns, that listeners have there, whoever takes their requests."""
    found = (
        name
        for _, listener in _rules_at(document, entry)
        for name in names_of(listener["properties"])
        if "*" not in name and "?" not in name
    )
    return list(dict.fromkeys(found))


def is_taken(document: Json, entry: Entry, host: str) -> bool:
    """Whether a listener there is for requests for `host`, even if it is disabled."""
    return any(takes(it["properties"], host) for _, it in _rules_at(document, entry))


def patterns_for(document: Json, entry: Entry, host: str) -> list[str]:
    """The path patterns of every rule that could take requests for `host`, also of those that come too late."""
    found: dict[str, None] = {}
    for rule, listener in _rules_at(document, entry):
        if takes(listener["properties"], host):
            path_map = part_by_id(document, rule["properties"].get("urlPathMap")) or {}
            found |= {it: None for it, _ in _path_rules(path_map)}
    return list(found)


def names_of(listener: Json) -> list[str]:
    """The host names and patterns of a listener's properties; none: it is a basic one."""
    return [it for it in (listener.get("hostName"), *(listener.get("hostNames") or ())) if it]


def takes(listener: Json, host: str) -> bool:
    """Whether a listener takes requests for `host`: a basic one takes them all."""
    names = names_of(listener)
    return not names or any(_fits(name, host) for name in names)


def path_fits(pattern: str, path: str) -> bool:
    """Whether a path, without its query, fits a pattern; the case does not matter."""
    wanted, found = pattern.lower(), path.partition("?")[0].lower()
    return found.startswith(wanted[:-1]) if wanted.endswith("*") else found == wanted


def _fits(name: str, host: str) -> bool:
    # `*.contoso.com` stands for customer1.b2b.contoso.com as well (multiple-site-overview).
    letters = {"*": "[a-z0-9.-]*", "?": "[a-z0-9-]"}
    pattern = "".join(letters.get(it, re.escape(it)) for it in name.lower())
    return re.fullmatch(pattern, host.lower()) is not None


def _rules_at(document: Json, entry: Entry) -> Iterator[tuple[Json, Json]]:
    """The rules with their listeners there, in the order in which they are tried; disabled ones as well."""
    rules = document["properties"].get("requestRoutingRules") or ()
    pairs = [(rule, _listener_of(document, rule)) for rule in rules]
    there = [(rule, it) for rule, it in pairs if it and _entry(document, it["properties"]) == entry]
    # v1 goes by the order of its rules, v2 by their priority.
    return iter(there) if is_v1(document) else iter(sorted(there, key=lambda it: _rank(*it)))


def _rank(rule: Json, listener: Json) -> tuple[int, int]:
    """Rules of old gateways have no priority; then multi-site listeners came before basic ones.

    So said configuration-listeners until 2022; that an exact name came before a pattern is supposed.
    """
    names = names_of(listener["properties"])
    patterns = any("*" in name or "?" in name for name in names)
    width = 2 if not names else int(patterns)
    priority = rule["properties"].get("priority")
    return (priority, 0) if priority else (_LAST, width)


def _route_by(document: Json, rule: Json, listener: str, path: str) -> RequestRoute:
    properties = rule["properties"]
    advanced = part_by_id(document, properties.get("advancedRoutingMap"))
    if advanced is not None:
        return _route_by_conditions(document, rule, listener, advanced, path)
    path_map = part_by_id(document, properties.get("urlPathMap"))
    if path_map is None:
        return _route(document, listener, rule["name"], None, properties)
    for pattern, taken in _path_rules(path_map):
        if path_fits(pattern, path):
            return _route(document, listener, rule["name"], pattern, taken)
    return _route(document, listener, rule["name"], None, _defaults(path_map))


def _defaults(routing_map: Json) -> Json:
    return {
        f"{name[7].lower()}{name[8:]}": value
        for name, value in routing_map.items()
        if name.startswith("default")
    }


def _route_by_conditions(
    document: Json, rule: Json, listener: str, advanced: Json, path: str
) -> RequestRoute:
    """The first rule by ascending priority whose conditions a plain GET meets, without headers and query of its own.

    Shape and order are azure-mgmt-network's (ApplicationGatewayAdvancedRoutingMap). Paths are taken for patterns as
    those of path maps are; no page says so.
    """
    rules = advanced.get("advancedRoutingRules") or ()
    for taken in sorted(rules, key=lambda it: int(it["properties"]["priority"])):
        wanted = part_by_id(document, taken["properties"].get("advancedRoutingConditionSet")) or {}
        if all(_is_met(it, path) for it in wanted.get("routingConditions") or ()):
            return _route(document, listener, rule["name"], None, taken["properties"])
    return _route(document, listener, rule["name"], None, _defaults(advanced))


def _is_met(condition: Json, path: str) -> bool:
    values = condition.get("propertyValues") or ()
    if condition["conditionType"] == "Path":
        return any(path_fits(it, path) for it in values)
    return condition["conditionType"] == "Method" and "GET" in values


def _route(
    document: Json, listener: str, rule: str, matched: str | None, ends: Json
) -> RequestRoute:
    def end(name: str) -> str | None:
        return (ends.get(name) or {}).get("id")

    policy = ends.get("loadDistributionPolicy")
    pools = pools_of(document, policy) if policy else [end("backendAddressPool")]
    first, *more = pools or [None]
    return RequestRoute(
        listener,
        rule,
        matched,
        first,
        end("backendHttpSettings"),
        end("redirectConfiguration"),
        end("rewriteRuleSet"),
        tuple(it for it in more if it),
    )


def _path_rules(path_map: Json) -> Iterator[tuple[str, Json]]:
    """Each pattern with the properties of its path rule, in the order in which they are tried."""
    for rule in path_map.get("pathRules") or ():
        for pattern in rule["properties"].get("paths") or ():
            yield pattern, rule["properties"]


def _listeners(document: Json) -> Iterator[Json]:
    yield from document["properties"].get("httpListeners") or ()


def _listener_of(document: Json, rule: Json) -> Json | None:
    wanted = (rule["properties"].get("httpListener") or {}).get("id", "").lower()
    return next((it for it in _listeners(document) if it["id"].lower() == wanted), None)


def _entry(document: Json, listener: Json) -> Entry:
    frontend = (listener.get("frontendIPConfiguration") or {}).get("id", "")
    port = part_by_id(document, listener.get("frontendPort")) or {}
    secure = listener.get("protocol") == "Https"
    return Entry(frontend.lower(), int(port.get("port") or (443 if secure else 80)), secure)
