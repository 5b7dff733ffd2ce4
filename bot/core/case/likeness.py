"""Backends of which a rule that sees nothing in one sees nothing in the others: they differ by their address alone.

A pool may have 1,200 members of which a diagnosis contacts a part, and HTTP settings may share a pool 100 times, so
most backends are like another one. A rule is asked about each of those that it has something to say of, and once about
all others that are alike.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from functools import update_wrapper
from typing import TypeVar

from bot.core.case.case import Case
from bot.core.case.view import BackendView, views
from bot.core.model.asked_once import asked_once
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import is_ip
from bot.core.model.health import BackendHealth, ServerHealth, SimulatedHealth
from bot.core.model.observation import (
    Answered,
    Attempt,
    HandshakeFailed,
    NoResponse,
    NotConnected,
    NotTried,
    Observation,
    Outcome,
    Response,
)
from bot.core.model.observation_index import ObservationIndex
from bot.core.model.unavailable import Unavailable
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.gateway_request import DEFAULT_PROBE_HOST, GatewayRequest
from bot.core.routing.routes import Backend

T = TypeVar("T")

_ITSELF = ""
"""Stands for the address of the backend."""
_UNSEEN = -1
"""Stands for what was seen of a server of which nothing was."""


Kinded = tuple[BackendView, int | None]
"""A backend, and the number that it shares with those that are like it; None where it may be like no other one."""


def heard(among: Iterable[Kinded], check: Callable[[BackendView], Iterable[T]]) -> Iterator[T]:
    """What a check says of each of these, without asking it about those that are like one of which it said nothing."""
    silent: set[int] = set()
    for view, kind in among:
        if kind is not None and kind in silent:
            continue
        said = tuple(check(view))
        if not said and kind is not None:
            silent.add(kind)
        yield from said


@asked_once
def likeness_of(view: BackendView) -> int | None:
    """A number that this backend shares with those that are like it; None where it may be like no other one, and for
    clients' requests.
    """
    return None if view.client is not None else _kind_by_backend(view.case).get(view.backend)


def asked_of_alike(ask: Callable[[BackendView], T]) -> Callable[[BackendView], T]:
    """The same question, answered once for all backends that are alike: of an answer in which no address may be."""

    def answer_of(view: BackendView) -> T:
        kind = likeness_of(view)
        if kind is None:
            return ask(view)
        known = view.case.known
        question = (ask, kind)
        if question not in known:
            known[question] = ask(view)
        answer: T = known[question]
        return answer

    return asked_once(update_wrapper(answer_of, ask))


@asked_once
def _kind_by_backend(case: Case) -> dict[Backend, int | None]:
    return {view.backend: kind for view, kind in kinds(case)}


@asked_once
def kinds(case: Case) -> tuple[Kinded, ...]:
    """Every backend of a case."""
    numbers: dict[Hashable, int] = {}
    apart = _told_of_elsewhere(case)
    found: list[tuple[BackendView, int | None]] = []
    for view in views(case):
        kind = None if view.server in apart else _kind(view)
        found.append((view, None if kind is None else numbers.setdefault(kind, len(numbers))))
    return tuple(found)


def _told_of_elsewhere(case: Case) -> frozenset[str]:
    """The addresses that mean something beside the backend: no other one is like it."""
    environments = () if isinstance(case.environments, Unavailable) else case.environments
    gateway = case.gateway
    probes = (it.host for it in gateway.probes)
    hosts = (it.host_name for it in gateway.http_settings)
    return frozenset(
        (
            DEFAULT_PROBE_HOST,
            *filter(None, (*probes, *hosts)),
            *(host for it in gateway.listeners for host in it.hosts),
            *(address for it in environments for address in it.inbound),
            *(name for alias in case.aliases for name in alias),
            *(it.server for it in case.assumed_certificates),
        )
    )


def _kind(view: BackendView) -> Hashable | None:
    """What a rule may see of it beside its address; None where the address may matter."""
    server = view.server
    if not is_ip(server):
        return None  # A name is looked up, sent and compared.
    clients = tuple(_client(it, server) for it in view.case.clients_of(view.backend))
    if None in clients:
        return None
    told = _health(view)
    if any(it is not None and server in (it.message or "") for it in told):
        return None
    seen = _seen_of(view.case.seen).get(server, _UNSEEN)
    if seen is None:
        return None
    states = tuple((it.state, it.message) if it else None for it in told)
    return (view.backend.place, ":" in server, states, seen, clients)


def _client(client: ClientRequest, server: str) -> Hashable | None:
    """A client's request without the address of its server; None where more of it may be."""
    if client.rewritten is not None or any(it.rewritten for it in client.others):
        return None
    others = tuple((_sent(it.request, server), it.doubt) for it in client.others)
    # All members of a pool have the same ways, which are large.
    return (id(client.way), _sent(client.request, server), others)


def _sent(it: GatewayRequest, server: str) -> Hashable:
    if server not in (it.sni, it.host):
        return it
    return replace(it, sni=it.sni and _address(it.sni, server), host=_address(it.host, server))


def _health(view: BackendView) -> tuple[ServerHealth | None, ...]:
    """What the gateway says of it, or said before a change on paper."""
    health = view.case.health
    if isinstance(health, SimulatedHealth):
        before = health.before
        return (before.of(*view.backend.place, view.server), before.of_server(view.server))
    return (view.server_health,) if isinstance(health, BackendHealth) else ()


@asked_once
def _seen_of(index: ObservationIndex) -> dict[str, int | None]:
    """By server, a number for all that was seen of it, without its address; None where that is part of it.

    Numbers, because all cases on paper share them, and what they stand for is large.
    """
    numbers: dict[Hashable, int] = {}
    seen: dict[str, int | None] = {}
    for server, observations in index.by_server.items():
        kinds = tuple(_without_address(it, server) for it in observations)
        seen[server] = None if None in kinds else numbers.setdefault(kinds, len(numbers))
    return seen


def _without_address(it: Observation, server: str) -> Hashable | None:
    kind = _outcome(it.outcome, server)
    if kind is None or it.addresses:
        return None
    whole = int(it.seconds)
    # It is only compared with time-outs, which are whole seconds.
    return (_attempt(it.attempt, server), kind, whole, it.seconds == whole)


def _attempt(it: Attempt, server: str) -> Hashable:
    return (it.port, it.tls, it.sni, _address(it.host, server), it.path, it.hello)


def _outcome(outcome: Outcome, server: str) -> Hashable | None:
    match outcome:
        case NotTried(reason):
            return None if server in reason else outcome
        case NotConnected(kind, address, reason):
            return None if server in reason else (kind, _address(address, server), reason)
        case HandshakeFailed(kind, address, alert, reason, wanted):
            told = (kind, _address(address, server), alert, reason, wanted)
            return None if server in reason else told
        case Answered(address, handshake, http):
            chain = handshake.chain if handshake is not None else ()
            if any(_names(it, server) for it in chain) or server in _text(http):
                return None
            digests = tuple(it.sha256 for it in chain)
            return (_address(address, server), digests, handshake, http)
    return None


def _address(address: str, server: str) -> str:
    """The address without that of the server; where it was reached another way, that way is named after it."""
    own, via, way = address.partition(" via ")
    return _ITSELF + via + way if own == server else address


def _names(it: Certificate, server: str) -> bool:
    return server in it.subject or server in it.dns_names


def _text(http: Response | NoResponse) -> str:
    return http.reason if isinstance(http, NoResponse) else f"{http.location} {http.body}"
