"""Where requests go once the rewrite rule set of their rule or path rule has had its say.

A set stands at a rule, or where that has a path map, at each of its path rules; a redirect has none. With `reroute` the
path map is asked again with the new path ("Re-evaluate path map" in
https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url). If that ends at the same path rule, and
so on for ever, the gateway answers 500
(https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-rewrite-rules).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.model.gateway import Gateway, Listener, PathRule, RoutingRule
from bot.core.model.hostname import is_wildcard
from bot.core.model.marked import mark
from bot.core.model.rewrites import RewriteSet
from bot.core.routing.paths import taking_pattern, taking_rule
from bot.core.routing.rewrite_conditions import AskedUrl, Unknown
from bot.core.routing.rewrites import Rewritten, rewritings

_SOME_NAME = Unknown("the host that clients ask for")


@dataclass(frozen=True, slots=True)
class Onward:
    """What takes a request after its rewrites: the path rule (None: the rule itself), and the pattern of it that does.

    `variants` are what may become of the request on the way there, none where no rewrite rule set is asked; `condition`
    in words: only requests go this way of which nobody knows which they are. `unknown`: where it goes, or as what,
    cannot be said, because of this. `loops`: the path map is asked for ever.
    """

    chosen: PathRule | None
    pattern: str | None
    rewrites: RewriteSet | None = None
    variants: tuple[Rewritten, ...] = ()
    condition: str | None = None
    unknown: str | None = None
    loops: bool = False


@dataclass(frozen=True, slots=True)
class _Request:
    """One request before its rewrites, and what takes it."""

    gateway: Gateway
    rule: RoutingRule
    chosen: PathRule | None
    pattern: str | None
    rewrites: RewriteSet
    asked: AskedUrl


_End = tuple[PathRule | None, str | None, str | Literal[False] | None]
"""Path rule and pattern; and what hinders to say more: a text, or False for a loop."""


def asked_url(listener: Listener, host: str, path: str) -> AskedUrl:
    """A client's request at this listener; a host that is only a pattern is not known."""
    page, _, query = path.partition("?")
    name = _SOME_NAME if is_wildcard(host) else host
    return AskedUrl(listener.protocol, name, listener.port, page, query)


def rewrites_of(gateway: Gateway, target: RoutingRule | PathRule) -> RewriteSet | None:
    """The rewrite rule set that is asked for requests that this takes; one that is not there counts as unread."""
    wanted = target.rewrites if gateway.traits.rewrites and not target.redirect else None
    if wanted is None:
        return None
    lost = RewriteSet(wanted, wanted.rpartition("/")[2], unread=True)
    return next((it for it in gateway.rewrite_sets if it.id == wanted), lost)


def onwards(
    gateway: Gateway,
    rule: RoutingRule,
    chosen: PathRule | None,
    pattern: str | None,
    asked: AskedUrl,
) -> tuple[Onward, ...]:
    """Where a request goes; to several places only if that depends on what nobody knows of the client."""
    rewrites = rewrites_of(gateway, chosen or rule)
    if rewrites is None:
        return (Onward(chosen, pattern),)
    request = _Request(gateway, rule, chosen, pattern, rewrites, asked)
    ends: dict[_End, list[Rewritten]] = {}
    for variant in rewritings(rewrites, asked):
        ends.setdefault(_end(request, variant), []).append(variant)
    return tuple(_onwards(request, ends))


def _onwards(request: _Request, ends: dict[_End, list[Rewritten]]) -> Iterator[Onward]:
    for (chosen, pattern, hindered), variants in ends.items():
        condition = _condition(variants) if len(ends) > 1 else None
        found = Onward(chosen, pattern, request.rewrites, tuple(variants), condition)
        if hindered is None:
            yield found
        elif hindered is not False:
            yield replace(found, unknown=hindered)
        elif condition is None:
            yield replace(found, loops=True)
        else:
            yield replace(
                found, unknown="the gateway answers such requests with 500: they go in a circle"
            )


def _condition(variants: list[Rewritten]) -> str:
    return " or ".join(" and ".join(it.given) for it in variants)


def _end(request: _Request, variant: Rewritten) -> _End:
    stays = (request.chosen, request.pattern)
    if variant.unknown is not None:
        return (*stays, variant.unknown)
    path_map = next(
        (it for it in request.gateway.path_maps if it.id == request.rule.path_map), None
    )
    # "Enabling 'Reevaluate path map' isn't allowed for basic request routing rules" (the page).
    if not variant.reroute or path_map is None:
        return (*stays, None)
    if path_map.kind != "path map":
        return (*stays, "no page of Microsoft's says how an advanced routing map is asked again")
    # The default takes what no other entry does.
    taking = taking_rule(path_map.rules, variant.path) or path_map.rules[-1]
    hindered = _hindered(request, variant, taking)
    if hindered is not None:
        return (*stays, hindered)
    return (taking, _pattern(taking, variant.path), None)


def _hindered(
    request: _Request, variant: Rewritten, taking: PathRule
) -> str | Literal[False] | None:
    """What stands against the request being sent on by the path rule that takes its new path."""
    asked, own = request.asked, rewrites_of(request.gateway, taking)
    then = replace(asked, host=variant.host or asked.host, path=variant.path, query=variant.query)
    every = rewritings(own, then) if own is not None else ()
    # What is assumed of the client stays so.
    again = [it for it in every if it.given == variant.given] or every
    if taking == request.chosen:
        if all(it.reroute for it in again):
            return False
        return "Microsoft's pages disagree on what conditions see once the path map is asked again"
    if own is not None and (
        any(it.changes(then) for it in again) or any(it.locations for it in own.rules)
    ):
        return f"no page of Microsoft's says whether {mark(own.name)} counts once the path map is asked again"
    return None


def _pattern(taking: PathRule, path: str) -> str | None:
    return None if taking.paths == ("/*",) else taking_pattern(taking, path)
