"""What a rewrite rule set makes of a client's request, and of where a response sends the client.

https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url (v2 only). Rules are tried in their
sequence; what an earlier one has set stays unless a later one sets it again. `uri_path` and `request_uri` keep what
the client asked for. Where a condition asks for what only the client knows, the request has several variants.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.core.model.marked import mark, mark_all
from bot.core.model.rewrites import RewriteRule, RewriteSet
from bot.core.routing.rewrite_conditions import (
    AskedUrl,
    Assumed,
    Branch,
    KnownText,
    Unknown,
    Values,
    branches,
    filled,
    is_fixed,
)

MOST_VARIANTS = 8
"""Variants of one request that are told apart."""

_HOST_SET = Unknown("the host that a later rule sees once an earlier one has rewritten it")
_LOCATION_SET = Unknown("the Location that a later rule sees once an earlier one has changed it")
_SET_UNREAD = "which cannot be read whole"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A request after its rewrites; `host` None: the client's own. `path` begins with a slash.

    `fixed_path`: the path is the same, whatever clients ask for. `rules` are the names of those that have changed it,
    `given` what is assumed of the client for that, in words. `unknown`: it cannot be said what the request becomes,
    because of this. `reroute`: the path map is asked again.
    """

    host: str | None
    path: str
    query: str
    reroute: bool = False
    fixed_path: bool = False
    rules: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    unknown: str | None = None

    @property
    def target(self) -> str:
        """The path with its query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def changes(self, asked: AskedUrl) -> bool:
        """Whether anything of the request is not as the client made it."""
        same = (self.host in (None, asked.host), self.path, self.query)
        return self.unknown is not None or same != (True, asked.path, asked.query)


@dataclass(frozen=True, slots=True)
class _State:
    """A request between two rules."""

    host: KnownText | None
    path: KnownText
    query: KnownText
    reroute: bool = False
    fixed_path: bool = False
    rules: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    assumed: Assumed = field(default_factory=dict)


def rewritings(rewrites: RewriteSet, asked: AskedUrl) -> tuple[Rewritten, ...]:
    """Every request that may become of this one, each once; several only where that depends on the client."""
    if rewrites.unread:
        return (_not_known(asked, f"rewrite rule set {mark(rewrites.name)}, {_SET_UNREAD}"),)
    values = asked.values
    states = [_State(None, asked.path, asked.query)]
    for rule in rewrites.moving:
        states = [after for it in states for after in _after(rule, it, values)]
        if len(states) > MOST_VARIANTS:
            why = f"more than {MOST_VARIANTS} cases of rewrite rule set {mark(rewrites.name)}"
            return (_not_known(asked, why),)
    found: dict[object, Rewritten] = {}
    for it in states:
        made = _rewritten(it, asked)
        found.setdefault((made.host, made.target, made.reroute, made.unknown), made)
    return tuple(found.values())


def location_after(
    rewrites: RewriteSet, asked: AskedUrl, status: int, location: str
) -> tuple[KnownText, tuple[str, ...]]:
    """What the Location header of a response becomes, and by which rules; an empty one was taken away."""
    if rewrites.unread:
        return Unknown(f"rewrite rule set {mark(rewrites.name)}, {_SET_UNREAD}"), ()
    values: dict[str, KnownText] = {**asked.values, "var_http_status": str(status)}
    now: KnownText = location
    by: list[str] = []
    for rule in rewrites.rules:
        values["http_resp_location"] = _LOCATION_SET if by else location
        ways = branches(rule, values, {}) if rule.locations else ()
        if len(ways) > 1:
            return Unknown(f"whether {ways[-1].given[0]} (rewrite rule {mark(rule.name)})"), ()
        for way in (it for it in ways if it.applies):
            now = filled(rule.locations[-1], values, way.captured)
            by.append(rule.name)
    return now, tuple(by)


def _after(rule: RewriteRule, state: _State, values: Values) -> Iterator[_State]:
    seen = (
        values
        if state.host is None
        else {**values, "var_host": _HOST_SET, "http_req_host": _HOST_SET}
    )
    for branch in branches(rule, seen, state.assumed):
        given = (*state.given, *branch.given)
        then = replace(state, given=given, assumed=branch.assumed)
        yield _changed(rule, then, seen, branch) if branch.applies else then


def _changed(rule: RewriteRule, state: _State, values: Values, branch: Branch) -> _State:
    path, query, host = state.path, state.query, state.host
    for value in rule.hosts:
        host = filled(value, values, branch.captured)
    if rule.path is not None:
        path = filled(rule.path, values, branch.captured)
    if rule.query is not None:
        query = filled(rule.query, values, branch.captured)
    return replace(
        state,
        host=host,
        path=path,
        query=query,
        reroute=state.reroute or rule.reroute,
        fixed_path=state.fixed_path if rule.path is None else is_fixed(rule.path),
        rules=tuple(dict.fromkeys((*state.rules, rule.name))),
    )


def _rewritten(state: _State, asked: AskedUrl) -> Rewritten:
    rules, given = state.rules, state.given
    match state.host, state.path, state.query:
        case (None | str() as host, str() as path, str() as query):
            rooted = path if path.startswith("/") else f"/{path}"
            return Rewritten(host, rooted, query, state.reroute, state.fixed_path, rules, given)
        case parts:
            what = next(it.what for it in parts if isinstance(it, Unknown))
            return replace(_not_known(asked, what), rules=rules, given=given)


def _not_known(asked: AskedUrl, what: str) -> Rewritten:
    return Rewritten(None, asked.path, asked.query, unknown=f"it depends on {what}")


def rules_in_words(rewrites: RewriteSet, rules: Iterable[str]) -> str:
    """How a sentence names rules of a set."""
    names = tuple(dict.fromkeys(rules))
    return f"rewrite rule{'s' if len(names) > 1 else ''} {mark_all(names)} of set {mark(rewrites.name)}"
