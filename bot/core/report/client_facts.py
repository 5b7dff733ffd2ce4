"""What clients get of each site at each server: facts, and their public JSON."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.core.analysis.addresses import failing_addresses, gateways_addresses
from bot.core.analysis.client_outcome import ClientOutcome, OutcomeWord, client_outcome
from bot.core.analysis.reported_health import reported_health
from bot.core.analysis.unfetched_certificates import without_certificate
from bot.core.case.case import Case
from bot.core.case.view import view_of
from bot.core.model.marked import mark, mark_all
from bot.core.report.in_rotation import as_sent, probes_failing, some_are_kept
from bot.core.routing.client_hosts import HostSource
from bot.core.routing.client_request import MOST_CLIENT_REQUESTS, ClientRequest, client_pairs
from bot.core.routing.client_way import (
    ClientWay,
    client_ways,
    conditional_ways,
    dead_ends,
)
from bot.core.routing.routes import Place


@dataclass(frozen=True, slots=True)
class SentFacts:
    """What the gateway sends to the server for a client."""

    protocol: str
    port: int
    sni: str | None
    host: str
    path: str


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """One request of a client, and what came of it at one server (None: its pool has none).

    `pool` and `http_settings` None: its rule leads nowhere. `site` is what a person calls it, `source` how the host is
    known; `status` is what clients get, where that is known. `sometimes`: only some of such requests fail.
    `passed_by`: clients are not sent to this server, because its health probe fails and others pass theirs.
    """

    listener: str
    host: str
    path: str
    site: str
    source: HostSource
    pool: str | None
    http_settings: str | None
    server: str | None
    request: SentFacts | None
    word: OutcomeWord
    served: bool | None
    status: int | None
    because: str
    sometimes: bool = False
    passed_by: bool = False


def client_facts(case: Case) -> tuple[ClientFacts, ...]:
    """One entry for each request of a client that was looked at, and for each that was not, or leads to no server."""
    failing = probes_failing(case)
    found = [_facts(case, it, failing) for it in case.clients]
    every = (
        *found,
        *_not_asked(case),
        *_without_members(case),
        *_dead_ends(case),
        *_conditional(case),
    )
    if not case.gateway.is_down:
        disabled = {it.name for it in without_certificate(case.gateway)}
        return tuple(_at_disabled(it) if it.listener in disabled else it for it in every)
    none = "the gateway does not run"
    return tuple(
        replace(it, word="gateway_502", served=False, status=None, because=none) for it in every
    )


def _at_disabled(it: ClientFacts) -> ClientFacts:
    """What the servers would give does not matter: whether the listener takes the request at all is not known."""
    because = (
        f"listener {mark(it.listener)} has no certificate to present, and Azure may have disabled it; beyond it:"
        f" {it.because}"
    )
    return replace(it, word="not_tried", served=None, status=None, because=because)


def client_json(it: ClientFacts) -> dict[str, Any]:
    """Its part of the public document."""
    sent = it.request
    return {
        "listener": it.listener,
        "host": it.host,
        "path": it.path,
        "site": it.site,
        "host_known_from": it.source,
        "pool": it.pool,
        "http_settings": it.http_settings,
        "server": it.server,
        "request": None
        if sent is None
        else {
            "protocol": sent.protocol,
            "sni": sent.sni,
            "host": sent.host,
            "port": sent.port,
            "path": sent.path,
        },
        "outcome": it.word,
        "served": it.served,
        "status": it.status,
        "because": it.because,
        "sometimes": it.sometimes,
        "passed_by": it.passed_by,
    }


def _facts(case: Case, it: ClientRequest, failing: dict[Place, dict[str, bool]]) -> ClientFacts:
    view = view_of(case, it.backend, it)
    own = client_outcome(view)
    found = as_sent(case, own, it, failing)
    passed_by = found is not own and found.word == "not_tried" and not some_are_kept(case, it)
    reported = reported_health(view_of(case, it.backend))
    bad = failing_addresses(view_of(case, it.backend)) if found.served else ()
    every = len(bad) == len(gateways_addresses(case, it.backend.server))
    if bad and every and reported == "healthy":
        because = f"requests from here to {mark_all(bad)} fail, and the gateway calls it healthy"
        found = ClientOutcome("not_tried", because)
    elif bad:
        because = f"requests that go to {mark_all(bad)} fail, of all addresses of its name"
        found = ClientOutcome("gateway_502", because, 502)
        # The gateway probes one of them. If it is one that fails, clients go to the other servers.
        others = sum(not it for it in failing[it.backend.place].values()) > 1
        if others and reported == "unknown":
            found = ClientOutcome("not_tried", f"{because}, and which one it probes is not known")
    sent = it.request
    sni = sent.sni if sent.protocol == "https" else None
    request = SentFacts(sent.protocol, sent.port, sni, sent.host, sent.path)
    row = _row(it.way, it.backend.server, request, found)
    return replace(row, sometimes=bool(bad) and not every, passed_by=passed_by)


def _row(
    way: ClientWay, server: str | None, request: SentFacts | None, found: ClientOutcome
) -> ClientFacts:
    return ClientFacts(
        listener=way.listener.name,
        host=way.host,
        path=way.path,
        site=way.site,
        source=way.source,
        pool=way.route.pool.name,
        http_settings=way.route.settings.name,
        server=server,
        request=request,
        word=found.word,
        served=found.served,
        status=found.status,
        because=found.because,
    )


def _not_asked(case: Case) -> Iterator[ClientFacts]:
    """Of each way that was not tried at every server that it leads to, how many of them."""
    tried = Counter(it.way for it in case.clients)
    for ways, members in client_pairs(case.gateway, case.backends, case.asked).values():
        for way in ways:
            left = len(members) - tried[way]
            if left:
                because = (
                    f"not tried at {left:,} of {len(members):,} servers: a diagnosis tries"
                    f" {MOST_CLIENT_REQUESTS} client requests"
                )
                yield _row(way, None, None, ClientOutcome("not_tried", because))


def _without_members(case: Case) -> Iterator[ClientFacts]:
    places = {it.place for it in case.backends}
    for way in client_ways(case.gateway, case.asked):
        pool = way.route.pool
        if not places.isdisjoint(way.route.places):
            # By a load distribution policy, clients go to the other pools: a weight is for each server.
            continue
        if pool.attached or pool.unread:
            open_ = ClientOutcome("not_tried", f"the members of {mark(pool.name)} are not known")
            yield _row(way, None, None, open_)
        else:
            empty = ClientOutcome("gateway_502", f"pool {mark(pool.name)} has no members", 502)
            yield _row(way, None, None, empty)


def _dead_ends(case: Case) -> Iterator[ClientFacts]:
    for it in dead_ends(case.gateway, case.asked):
        yield ClientFacts(
            listener=it.listener.name,
            host=it.host,
            path=it.path,
            site=it.site,
            source=it.source,
            pool=None,
            http_settings=None,
            server=None,
            request=None,
            word="application_error" if it.loops else "gateway_502",
            served=False,
            status=500 if it.loops else 502,
            because="rewrite rules send the gateway to its path map again and again"
            if it.loops
            else f"rule {mark(it.rule.name)} leads nowhere for it",
        )


def _conditional(case: Case) -> Iterator[ClientFacts]:
    """Of each way that only some requests take, which ones; whether clients make them, nobody knows."""
    for way in conditional_ways(case.gateway):
        for server in way.route.pool.servers:
            because = f"not tried: only requests go there where {way.condition}"
            found = _row(way, server, None, ClientOutcome("not_tried", because))
            yield replace(found, site=f"{way.site} ({way.condition})")
