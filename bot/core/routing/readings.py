"""The requests that one request of a client may become at a server, where it is not sure which of them it does.

Microsoft's pages contradict each other on some points and are silent on others, and rewrite rules may depend on what
only the client knows. So every reading is looked at: what they all come to is so, and the rest is open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.model.gateway import Gateway
from bot.core.routing.client_way import ClientWay
from bot.core.routing.gateway_request import (
    GatewayRequest,
    client_request,
    client_request_by_member,
    fixed_sni,
    name_or_none,
)
from bot.core.routing.rewrites import Rewritten, rules_in_words
from bot.core.routing.routes import Backend

MOST_READINGS = 6
"""Readings of one request that are looked at, each with a connection of its own."""

TWO_SNIS = "Microsoft's pages disagree on the SNI"
SNI_AFTER_REWRITE = "no page of Microsoft's says which SNI goes with a rewritten Host"
HOST_OF_SETTINGS = (
    "no page of Microsoft's says whether a rewritten Host or that of the HTTP settings is sent"
)
PATH_OF_SETTINGS = "no page of Microsoft's says what the path override makes of a rewritten path"


@dataclass(frozen=True, slots=True)
class Reading:
    """One of them; `doubt` in words: why it may be another one, empty for the one that is taken first."""

    request: GatewayRequest
    doubt: str = ""
    rewritten: Rewritten | None = None


def readings(gateway: Gateway, way: ClientWay, backend: Backend) -> tuple[Reading, ...]:
    """Every reading of a client's request at this server, each once; the likeliest first."""
    found: dict[GatewayRequest, Reading] = {}
    for made in way.rewritten or (None,):
        sent = _sent(gateway, way, backend, made)
        for it in _of_one(gateway, way, backend, sent, made):
            found.setdefault(it.request, it)
    return tuple(found.values())[:MOST_READINGS]


def _sent(
    gateway: Gateway, way: ClientWay, backend: Backend, made: Rewritten | None
) -> GatewayRequest:
    pattern = way.taken_by
    if made is None:
        return client_request(gateway, backend, way.host, way.path, pattern)
    sent = client_request(gateway, backend, made.host or way.host, made.target, pattern)
    return replace(sent, sni=_name(sent.sni)) if sent.host == made.host else sent


def _of_one(
    gateway: Gateway,
    way: ClientWay,
    backend: Backend,
    sent: GatewayRequest,
    made: Rewritten | None,
) -> Iterator[Reading]:
    depends = _depends(way, made)
    yield Reading(sent, depends, made)
    by_member = client_request_by_member(gateway, backend, sent)
    if by_member is not None:
        yield Reading(by_member, depends or TWO_SNIS, made)
    if made is None:
        return
    settings = backend.settings
    if made.host is not None and made.host != way.host:
        fixed = fixed_sni(gateway, settings)
        if settings.host_name or settings.pick_host_from_address:
            sni = name_or_none(fixed or _name(made.host))
            yield Reading(replace(sent, host=made.host, sni=sni), depends or HOST_OF_SETTINGS, made)
        elif not fixed:
            kept = replace(sent, sni=name_or_none(way.host))
            yield Reading(kept, depends or SNI_AFTER_REWRITE, made)
    if settings.path and made.target != way.path:
        yield Reading(replace(sent, path=made.target), depends or PATH_OF_SETTINGS, made)


def _name(host: str | None) -> str | None:
    """A rewritten host without its port, if it has one: a port is no part of a name (RFC 6066, section 3)."""
    return host.partition(":")[0] if host is not None else None


def _depends(way: ClientWay, made: Rewritten | None) -> str:
    """On what it depends that this is sent, and not the first of several variants; empty for that one."""
    if made is None or way.rewrites is None or made == way.rewritten[0]:
        return ""
    rules = dict.fromkeys(name for it in way.rewritten for name in it.rules)
    given = " or ".join(dict.fromkeys(" and ".join(it.given) for it in way.rewritten if it.rules))
    verb = "count" if len(rules) > 1 else "counts"
    return f"{rules_in_words(way.rewrites, rules)} {verb} only where {given}"
