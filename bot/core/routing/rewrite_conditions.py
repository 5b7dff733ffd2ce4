"""Conditions and values of rewrite rules: what server variables and headers are known of a client's request.

A value that only a client knows (its address, its cookies, its headers) is `Unknown`; so is one that Microsoft's page
does not list, and a pattern that is no RE2 expression, the kind that the page wants
(https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url). Patterns come with Azure's answer and
may be anything: RE2 takes linear time for all of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import re2  # type: ignore[import-untyped]

from bot.core.model.gateway import Protocol as Scheme
from bot.core.model.marked import mark
from bot.core.model.rewrites import RewriteCondition, RewriteRule

_REFERENCE = re.compile(r"\{((?:var|http_req|http_resp)_[A-Za-z0-9_-]+)\}")
_GROUP = re.compile(r"(.+)_(\d+)")
_KINDS = {
    "http_req_": "the request header",
    "http_resp_": "the response header",
    "var_cookie_": "the cookie",
    "var_": "the server variable",
}
_MOST_MEMORY = 1 << 20
"""Bytes that one compiled pattern may take."""


class Found(Protocol):
    """What a pattern has matched; a group that took no part is None."""

    def groups(self) -> tuple[str | None, ...]: ...


class Pattern(Protocol):
    """A compiled expression: the part of RE2's that is used, which has no types of its own."""

    def search(self, text: str) -> Found | None: ...


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that nobody here can know, in words."""

    what: str


KnownText = str | Unknown
Values = Mapping[str, KnownText]
"""What is known of a request or response, by the name that conditions use, in lower case."""
Groups = tuple[str, ...] | Unknown
Assumed = Mapping[tuple[str, str, bool], bool]
"""Whether a variable is taken to match a pattern, case ignored or not, where nobody knows."""


@dataclass(frozen=True, slots=True)
class AskedUrl:
    """A client's request as the gateway gets it."""

    scheme: Scheme
    host: KnownText
    port: int | None
    path: str
    query: str = ""

    @property
    def values(self) -> dict[str, KnownText]:
        """The server variables of a GET of which nothing else is known ("Server variables" of the page)."""
        uri = f"{self.path}?{self.query}" if self.query else self.path
        port = Unknown("the listener's port") if self.port is None else str(self.port)
        return {
            "var_host": self.host,
            "http_req_host": self.host,
            "var_http_method": "GET",
            "var_query_string": self.query,
            "var_request_query": self.query,
            "var_request_scheme": self.scheme,
            "var_request_uri": uri,
            "var_server_port": port,
            "var_ssl_enabled": "On" if self.scheme == "https" else "",
            "var_uri_path": self.path,
        }


@dataclass(frozen=True, slots=True)
class Branch:
    """One way in which a rule may go: it `applies` or does not, and what is assumed for that, in words in `given`."""

    applies: bool
    captured: Mapping[str, Groups] = field(default_factory=dict)
    assumed: Assumed = field(default_factory=dict)
    given: tuple[str, ...] = ()


def branches(rule: RewriteRule, values: Values, assumed: Assumed) -> tuple[Branch, ...]:
    """How the rule may go for a request: in one way, or in two where it depends on what nobody knows."""
    captured: dict[str, Groups] = {}
    open_: list[RewriteCondition] = []
    for condition in rule.conditions:
        found = _groups(condition, value_of(condition.variable, values))
        known = assumed.get(_key(condition)) if isinstance(found, Unknown) else found is not None
        if known is None:
            open_.append(condition)
        elif known is condition.negate:
            return (Branch(applies=False, assumed=assumed),)
        if found is not None:
            captured[condition.variable] = found
    if not open_:
        return (Branch(True, captured, assumed),)
    met = {**assumed, **{_key(it): not it.negate for it in open_}}
    # Of several, nobody knows which is not met.
    alone = len(open_) == 1
    unmet = {**assumed, _key(open_[0]): open_[0].negate} if alone else assumed
    told = " and ".join(_said(it, holds=True) for it in open_)
    otherwise = _said(open_[0], holds=False) if alone else f"it is not so that {told}"
    # Most clients send nothing that conditions ask for.
    return (
        Branch(False, {}, unmet, (otherwise,)),
        Branch(True, captured, met, (told,)),
    )


def filled(text: str, values: Values, captured: Mapping[str, Groups]) -> KnownText:
    """A new value with its references replaced; what was not captured is empty."""
    parts: list[str] = []
    end = 0
    for found in _REFERENCE.finditer(text):
        value = _referred(found[1], values, captured)
        if isinstance(value, Unknown):
            return value
        parts += text[end : found.start()], value
        end = found.end()
    return "".join((*parts, text[end:]))


def is_fixed(text: str) -> bool:
    """Whether a new value refers to nothing, so that it is the same for every request."""
    return _REFERENCE.search(text) is None


def value_of(name: str, values: Values) -> KnownText:
    """What a variable or header holds."""
    return values.get(name.lower(), Unknown(variable_in_words(name)))


def variable_in_words(name: str) -> str:
    """How a sentence calls a variable or header, as conditions name it."""
    for prefix, kind in _KINDS.items():
        if name.lower().startswith(prefix):
            return f"{kind} {mark(name[len(prefix) :])}"
    return f"the variable {mark(name)}"


def _referred(name: str, values: Values, captured: Mapping[str, Groups]) -> KnownText:
    group = _GROUP.fullmatch(name)
    if group is None:
        return value_of(name, values)
    # The case of the name has to be that of the condition ("Syntax for capturing" of the page).
    groups = captured.get(group[1], ())
    if isinstance(groups, Unknown):
        return groups
    number = int(group[2][:4])
    return groups[number - 1] if 0 < number <= len(groups) else ""


def _groups(condition: RewriteCondition, value: KnownText) -> Groups | None:
    """What a condition captures; None where its pattern does not match."""
    if isinstance(value, Unknown):
        return value
    pattern = _compiled(condition.pattern, condition.ignore_case)
    if pattern is None:
        return Unknown(f"the pattern {mark(condition.pattern)}, which is no RE2 expression")
    try:
        found = pattern.search(value)
    except UnicodeError:
        return Unknown(variable_in_words(condition.variable))
    return None if found is None else tuple(it or "" for it in found.groups())


@lru_cache(maxsize=512)
def _compiled(pattern: str, ignore_case: bool) -> Pattern | None:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    options.max_mem = _MOST_MEMORY
    try:
        compiled: Pattern = re2.compile(pattern, options)
    except (re2.error, UnicodeError):
        return None
    return compiled


def _key(condition: RewriteCondition) -> tuple[str, str, bool]:
    return (condition.variable, condition.pattern, condition.ignore_case)


def _said(condition: RewriteCondition, *, holds: bool) -> str:
    verb = "matches" if holds is not condition.negate else "does not match"
    return f"{variable_in_words(condition.variable)} {verb} {mark(condition.pattern)}"
