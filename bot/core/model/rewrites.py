"""Rewrite rule sets: what a v2 gateway makes of requests before it passes them on, and of responses on their way back.

https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url
"""

from collections.abc import Iterator
from dataclasses import dataclass

Headers = tuple[tuple[str, str], ...]
"""Each header's name with its new value; an empty one takes it away."""


@dataclass(frozen=True, slots=True)
class RewriteCondition:
    """A regular expression that a server variable or a header has to match; with `negate`, must not."""

    variable: str
    pattern: str
    ignore_case: bool = False
    negate: bool = False


@dataclass(frozen=True, slots=True)
class RewriteRule:
    """What is rewritten where all conditions hold.

    `path` and `query` None: they stay as they are. `reroute`: the path map is asked again, with the new path.
    """

    name: str
    conditions: tuple[RewriteCondition, ...] = ()
    request_headers: Headers = ()
    response_headers: Headers = ()
    path: str | None = None
    query: str | None = None
    reroute: bool = False

    @property
    def hosts(self) -> tuple[str, ...]:
        """What it makes of the Host header; that cannot be taken away."""
        return tuple(
            value for name, value in self.request_headers if name.lower() == "host" and value
        )

    @property
    def locations(self) -> tuple[str, ...]:
        """What it makes of the Location header of a response."""
        return tuple(value for name, value in self.response_headers if name.lower() == "location")

    @property
    def moves_requests(self) -> bool:
        """Whether it has a say in the host, the path or the query of a request."""
        return bool(self.hosts or self.reroute) or (self.path, self.query) != (None, None)


@dataclass(frozen=True, slots=True)
class RewriteSet:
    """The rules of one set, in the order in which they are tried; `unread`: not all of it could be read."""

    id: str
    name: str
    rules: tuple[RewriteRule, ...] = ()
    unread: bool = False

    @property
    def moving(self) -> Iterator[RewriteRule]:
        """The rules that have a say in where a request goes."""
        return (it for it in self.rules if it.moves_requests)
