"""The two audiences of a backend: the gateway's health probe, and clients' requests.

A rule looks at one request at a time and need not know whose it is. What is said of several requests alike is said
once, with the sites whose clients it concerns.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.core.case.case import Case
from bot.core.case.finding import ByReading, Evidence, Match, Undecided
from bot.core.case.likeness import heard, kinds
from bot.core.case.one_kind import probe_alone, worth_asking
from bot.core.case.probed_page import is_for_the_probe_alone, is_page
from bot.core.case.rule import Check, Said
from bot.core.case.view import BackendView, view_of
from bot.core.model.asked_once import asked_once
from bot.core.model.marked import mark
from bot.core.model.observation import (
    Answered,
    Attempt,
    HandshakeFailed,
    NotConnected,
    Outcome,
)
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.gateway_request import GatewayRequest, sni_in_words
from bot.core.routing.readings import Reading

CheckView = Callable[[BackendView], Iterable[Said]]


def each_request(check: CheckView) -> Check:
    """A check of one connection, made to look at those of the health probes and at those of clients' requests."""

    def over_all(case: Case) -> Iterator[Said]:
        yield from heard(worth_asking(case, check, _both), in_both)

    def in_both(probe: BackendView) -> Iterator[Said]:
        sites, others = _requests(probe)
        for said in check(probe):
            yield replace(said, concerns="both" if sites else "probe", sites=sites)
        if others:
            yield from _once(check, probe, others)

    return over_all


def each_answer(check: CheckView) -> Check:
    """A check of the answer to the health probe, made to look at all of them.

    Where clients make the very same request, they get that answer too; its sites are told if they are seen to get no
    page for any other request either.
    """

    def over_all(case: Case) -> Iterator[Said]:
        yield from heard(worth_asking(case, check, probe_alone), with_sites)

    def with_sites(probe: BackendView) -> Iterator[Said]:
        for said in check(probe):
            sites = _turned_away_like(probe)
            yield replace(said, concerns="both", sites=sites) if sites else said

    return over_all


def _turned_away_like(probe: BackendView) -> tuple[str, ...]:
    clients = [it for it in probe.case.clients_of(probe.backend) if it.can_be_made]
    answered = {it.way.site for it in clients if _may_be_answered(probe.case, it)}
    alike = _sites(it for it in clients if _fails_like(probe, it))
    return tuple(it for it in alike if it not in answered)


def _fails_like(probe: BackendView, client: ClientRequest) -> bool:
    """Whether it is the probe's request, and gets no page by any other of its readings either."""
    every = tuple(client.every_reading)
    alike = any(it.attempt == probe.attempt for it in every)
    return alike and not any(_may_be_answered(probe.case, it) for it in every)


def _may_be_answered(case: Case, client: ClientRequest) -> bool:
    """Whether it gets a page or is asked to sign in, or nobody saw what it gets."""
    given = case.response(client.attempt)
    return given is None or is_page(given.status)


def each_client(check: CheckView) -> Check:
    """A check of one request of a client, made to look at all of them."""

    def over_all(case: Case) -> Iterator[Said]:
        yield from heard(kinds(case), of_clients)

    def of_clients(probe: BackendView) -> Iterator[Said]:
        alone = _alone(probe)
        if alone:
            yield from _once(check, probe, alone)

    return over_all


def _both(probe: BackendView) -> tuple[BackendView, ...]:
    """The health probe, and every request of clients that is looked at, by each of its readings."""
    every = (reading for it in _requests(probe)[1] for reading in it.first.every_reading)
    return (probe, *(view_of(probe.case, probe.backend, it) for it in every))


@asked_once
def _alone(probe: BackendView) -> list["_Alike"]:
    """The requests of clients, each by itself."""
    return [
        _Alike(it, (it,))
        for it in probe.case.clients_of(probe.backend)
        if not is_for_the_probe_alone(probe.case, it)
    ]


@dataclass(frozen=True, slots=True)
class _Alike:
    """Requests of clients that make the same connection."""

    first: ClientRequest
    every: tuple[ClientRequest, ...]


@asked_once
def _requests(probe: BackendView) -> tuple[tuple[str, ...], list[_Alike]]:
    """The sites whose clients connect as the health probe does, and all other requests that we saw."""
    alike, others = _by_connection(probe)
    return _sites(alike), [it for it in others if was_seen(probe, it.first)]


def _by_connection(probe: BackendView) -> tuple[tuple[ClientRequest, ...], list[_Alike]]:
    """The requests of clients that connect as the probe does, and all others."""
    found: dict[object, list[ClientRequest]] = {}
    for it in probe.case.clients_of(probe.backend):
        if it.can_be_made:
            found.setdefault((*_connection(it.attempt), _other_connections(it)), []).append(it)
    own: object = (*_connection(probe.attempt), frozenset())
    alike = tuple(found.pop(own, ()))
    return alike, [_Alike(every[0], tuple(every)) for every in found.values()]


def _connection(attempt: Attempt) -> tuple[object, bool]:
    return attempt.handshake, attempt.tls


def _other_connections(client: ClientRequest) -> frozenset[object]:
    """Those that it may make instead, by its other readings."""
    others = frozenset(map(_connection, client.other_attempts))
    return others - {_connection(client.attempt)}


def _once(check: CheckView, probe: BackendView, groups: list[_Alike]) -> Iterator[Said]:
    """What the check says of clients' requests: what it sees of several once, each doubt once."""
    first: tuple[Match, ClientRequest] | None = None
    sites: dict[str, None] = {}
    doubts: dict[Undecided, None] = {}
    for group in groups:
        view = view_of(probe.case, probe.backend, group.first)
        for said in _by_every_reading(check, view, group.first):
            if isinstance(said, Undecided):
                doubts[replace(said, concerns="clients")] = None
            else:
                first = first or (said, group.first)
                sites.update(dict.fromkeys(_sites(group.every)))
    if first is not None:
        seen, client = first
        evidence = (*seen.evidence, *_side_by_side(probe, client))
        told = replace(seen, concerns="clients", sites=tuple(sites), client=client)
        yield replace(told, evidence=evidence)
    yield from doubts


def _by_every_reading(check: CheckView, view: BackendView, client: ClientRequest) -> Iterator[Said]:
    """What is said whichever reading of the request is right; what only one of them shows is open."""
    said = tuple(check(view))
    seen = _matches(said)
    by_others = [
        (it, tuple(check(view_of(view.case, view.backend, client.read_as(it)))))
        for it in client.others
    ]
    differing = [it for it in by_others if bool(_matches(it[1])) is not bool(seen)]
    if not differing:
        every = said if seen else (*said, *(it for _, found in by_others for it in found))
        yield from (_if_so(it, view, client) for it in every)
    shown_by = frozenset(
        (*(it.request for it, found in by_others if _matches(found)), *_own(client, seen))
    )
    for other, found in differing:
        names = _told_apart(client.request, other.request)
        with_it, without = names if seen else reversed(names)
        for it in seen or _matches(found):
            yield Undecided(
                f"for clients' requests for {mark(client.way.site)}, {other.doubt}; with"
                f" {with_it}: {it.summary} With {without} that was not seen",
                view.backend,
                by_reading=ByReading(
                    client.way,
                    other.doubt,
                    shown_by,
                    frozenset(each.request for each in client.every_reading),
                    _either_way(it, client, other, with_it),
                ),
            )


def _own(client: ClientRequest, seen: tuple[Match, ...]) -> tuple[GatewayRequest, ...]:
    return (client.request,) if seen else ()


def _either_way(seen: Match, client: ClientRequest, other: Reading, with_it: str) -> Match:
    """The same of the request as such, whichever reading of it is right."""
    site = mark(client.way.site)
    return replace(
        seen,
        summary=f"Whichever request the gateway makes for clients of {site} fails; with {with_it}: {seen.summary}",
        evidence=(*seen.evidence, Evidence(f"of clients' requests for {site}: {other.doubt}")),
        concerns="clients",
        sites=(client.way.site,),
        client=client,
    )


def _if_so(said: Said, view: BackendView, client: ClientRequest) -> Said:
    """The same; but what is seen of requests of which nobody knows whether clients make them is open."""
    condition = client.way.condition
    if condition is None or isinstance(said, Undecided):
        return said
    return Undecided(
        f"clients' requests for {mark(client.way.site)} come here only where {condition}; then: {said.summary}",
        view.backend,
    )


def _told_apart(one: GatewayRequest, other: GatewayRequest) -> tuple[str, str]:
    """How a sentence calls each of two requests to the same server."""
    if (one.host, one.path) == (other.host, other.path):
        return sni_in_words(one.sni), sni_in_words(other.sni)
    first, second = (f"Host {mark(it.host)}, path {mark(it.path)}" for it in (one, other))
    return first, second


def _matches(said: Iterable[Said]) -> tuple[Match, ...]:
    return tuple(it for it in said if isinstance(it, Match))


def was_seen(probe: BackendView, client: ClientRequest) -> bool:
    """Whether our own look says anything of the connection; one that only we cannot make says nothing."""
    match probe.case.connection(client.attempt):
        case Answered() | HandshakeFailed():
            return True
        case NotConnected():
            return client.attempt.port != probe.attempt.port and _connects(probe.connection)
    return False


def _connects(outcome: Outcome) -> bool:
    return isinstance(outcome, Answered | HandshakeFailed)


def _sites(clients: Iterable[ClientRequest]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it.way.site for it in clients))


def _side_by_side(probe: BackendView, client: ClientRequest) -> Iterator[Evidence]:
    """Both requests, so that everybody sees in what they differ."""
    sent = _sent(view_of(probe.case, probe.backend, client))
    by = f" ({client.changed_by})" if client.changed_by else ""
    yield Evidence(f"clients' requests for {mark(client.way.site)}: {sent}{by}")
    yield Evidence(f"the health probe: {_sent(probe)}")


def _sent(view: BackendView) -> str:
    sent = view.request
    tls = f", {sni_in_words(sent.sni)}" if sent.protocol == "https" else ""
    return f"{sent.protocol.upper()} to port {sent.port}{tls}, Host {mark(sent.host)}, path {mark(sent.path)}"
