"""The two audiences of a backend: the gateway's health probe, and clients' requests.

A rule looks at one request at a time and need not know whose it is. What is said of several requests alike is said
once, with the sites whose clients it concerns.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Check, Said
from bot.core.case.view import BackendView, view_of, views
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

CheckView = Callable[[BackendView], Iterable[Said]]


def each_request(check: CheckView) -> Check:
    """A check of one connection, made to look at those of the health probes and at those of clients' requests."""

    def over_all(case: Case) -> Iterator[Said]:
        for probe, sites, others in _requests(case):
            for said in check(probe):
                yield replace(said, concerns="both" if sites else "probe", sites=sites)
            if others:
                yield from _once(check, probe, others)

    return over_all


def each_client(check: CheckView) -> Check:
    """A check of one request of a client, made to look at all of them."""

    def over_all(case: Case) -> Iterator[Said]:
        for probe in views(case):
            alone = [_Alike(it, (it,)) for it in case.clients_of(probe.backend)]
            if alone:
                yield from _once(check, probe, alone)

    return over_all


@dataclass(frozen=True, slots=True)
class _Alike:
    """Requests of clients that make the same connection."""

    first: ClientRequest
    every: tuple[ClientRequest, ...]


@asked_once
def _requests(case: Case) -> tuple[tuple[BackendView, tuple[str, ...], list[_Alike]], ...]:
    """Each health probe, the sites whose clients connect as it does, and all other requests that we saw."""
    found: list[tuple[BackendView, tuple[str, ...], list[_Alike]]] = []
    for probe in views(case):
        alike, others = _by_connection(probe)
        seen = [it for it in others if was_seen(probe, it.first)]
        found.append((probe, _sites(alike), seen))
    return tuple(found)


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
    before: set[tuple[str, str]] = set()
    for group in groups:
        view = view_of(probe.case, probe.backend, group.first)
        for said in _by_every_reading(check, view, group.first, before):
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


def _by_every_reading(
    check: CheckView, view: BackendView, client: ClientRequest, before: set[tuple[str, str]]
) -> Iterator[Said]:
    """What is said whichever reading of the request is right; what only one of them shows is open.

    `before` are the doubts that were told already, each with its site: one path of it is enough.
    """
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
    for other, found in differing:
        if (client.way.site, other.doubt) in before:
            continue
        before.add((client.way.site, other.doubt))
        names = _told_apart(client.request, other.request)
        with_it, without = names if seen else reversed(names)
        for it in seen or _matches(found):
            yield Undecided(
                f"for clients' requests for {mark(client.way.site)}, {other.doubt}; with"
                f" {with_it}: {it.summary} With {without} that was not seen",
                view.backend,
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
