"""Rewrite rule sets: what they make of a request, and of the address that a response redirects to.

https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url (v2 only)

Undocumented, and decided here: variables keep what the client sent, whatever an earlier rule has made of it; and where
a rule gives no query string, the request keeps its own. What a client sends beside its URL is not known here: whoever
asks says which conditions on that are to be met, and without that none finds anything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType

from bot.lab.values import Json

_REFERENCE = re.compile(r"\{((?:var|http_req|http_resp)_\w[\w-]*?)(?:_(\d+))?\}")

Variables = Mapping[str, str]
"""By name: `var_uri_path`, `http_req_Host`, `http_resp_Location`. What is not in it is empty."""

Condition = tuple[str, str]
"""Its variable and its pattern."""
Supposed = Mapping[Condition, bool]
"""Whether a client sends what matches a condition."""
_NOTHING: Supposed = MappingProxyType({})


@dataclass(slots=True)
class Rewritten:
    """A request after its rewrites; `reroute`: its path map is asked again, with the new path."""

    host: str
    path: str
    query: str
    reroute: bool = False

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class _Matched:
    """A rule that applies, with what its conditions have captured."""

    actions: Json
    variables: Variables
    supposed: Supposed
    captured: dict[str, re.Match[str]] = field(default_factory=dict)

    def filled(self, text: str) -> str:
        """A value with its references replaced."""
        return _REFERENCE.sub(self._value, text)

    def _value(self, reference: re.Match[str]) -> str:
        name, group = reference[1], reference[2]
        if group is None:
            return self.variables.get(name, "")
        found = self.captured.get(name)
        within = found is not None and int(group) <= (found.re.groups)
        return (found[int(group)] or "") if found is not None and within else ""


def rewrite(
    rule_set: Json, scheme: str, host: str, target: str, supposed: Supposed = _NOTHING
) -> Rewritten:
    """What a rule set makes of a request for `target`, a path with its query."""
    path, _, query = target.partition("?")
    result = Rewritten(host, path, query)
    for rule in _matching(rule_set, _of_request(scheme, host, target), supposed):
        for header in rule.actions.get("requestHeaderConfigurations") or ():
            if header["headerName"].lower() == "host":
                result.host = rule.filled(header["headerValue"])
        url = rule.actions.get("urlConfiguration") or {}
        if url.get("modifiedPath"):
            path = rule.filled(url["modifiedPath"])
            result.path = path if path.startswith("/") else f"/{path}"
        if url.get("modifiedQueryString") is not None:
            result.query = rule.filled(url["modifiedQueryString"])
        result.reroute = result.reroute or bool(url.get("reroute"))
    return result


def rewrite_location(rule_set: Json, scheme: str, host: str, target: str, location: str) -> str:
    """What a rule set makes of the Location header of a response; empty: it is taken away."""
    variables = {**_of_request(scheme, host, target), "http_resp_Location": location}
    for rule in _matching(rule_set, variables):
        for header in rule.actions.get("responseHeaderConfigurations") or ():
            if header["headerName"].lower() == "location":
                location = rule.filled(header.get("headerValue") or "")
    return location


def suppositions(rule_set: Json) -> list[Supposed]:
    """Every way in which a client may meet conditions on what is not known of it; the first: it meets none."""
    known = _of_request("http", "", "/")
    open_ = {
        (condition["variable"], condition["pattern"]): None
        for rule in rule_set.get("rewriteRules") or ()
        if _sends_elsewhere(rule.get("actionSet") or {})
        for condition in rule.get("conditions") or ()
        if condition["variable"] not in known
    }
    ways = product((False, True), repeat=len(open_))
    return [dict(zip(open_, way, strict=True)) for way in ways]


def _sends_elsewhere(actions: Json) -> bool:
    headers = actions.get("requestHeaderConfigurations") or ()
    return bool(actions.get("urlConfiguration")) or any(
        it["headerName"].lower() == "host" for it in headers
    )


def _of_request(scheme: str, host: str, target: str) -> Variables:
    """The server variables of a GET that has no header but its Host."""
    path, _, query = target.partition("?")
    return {
        "var_host": host,
        "var_http_method": "GET",
        "var_query_string": query,
        "var_request_query": query,
        "var_request_scheme": scheme,
        "var_request_uri": target,
        "var_ssl_enabled": "On" if scheme == "https" else "",
        "var_uri_path": path,
        "http_req_Host": host,
    }


def _matching(
    rule_set: Json, variables: Variables, supposed: Supposed = _NOTHING
) -> Iterator[_Matched]:
    """The rules all of whose conditions hold, in the order of their sequence."""
    rules = rule_set.get("rewriteRules") or ()
    for rule in sorted(rules, key=lambda it: it.get("ruleSequence") or 0):
        found = _Matched(rule.get("actionSet") or {}, variables, supposed)
        if all(_holds(it, found) for it in rule.get("conditions") or ()):
            yield found


def _holds(condition: Json, rule: _Matched) -> bool:
    name = condition["variable"]
    supposed = rule.supposed.get((name, condition["pattern"]))
    if supposed is not None:
        return supposed is not bool(condition.get("negate"))
    flags = re.IGNORECASE if condition.get("ignoreCase") else re.NOFLAG
    found = re.search(condition["pattern"], rule.variables.get(name, ""), flags)
    if found:
        rule.captured[name] = found
    return (found is not None) is not bool(condition.get("negate"))
