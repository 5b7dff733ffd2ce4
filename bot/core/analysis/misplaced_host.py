"""A host name that the servers of its pool do not know, and those of another pool of the same gateway do.

Two pools may hold the same servers, or the same site twice (blue and green), so pool names prove nothing: only the very
same request does, rejected by the one and answered by the other. A server that answers whatever it is asked for proves
nothing either, so it is also asked for a host that nobody can have.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.analysis.tls_fault import UNRECOGNIZED_NAME
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Gateway, Pool
from bot.core.model.hostname import covers
from bot.core.model.marked import mark
from bot.core.model.observation import (
    Answered,
    Attempt,
    Handshake,
    HandshakeFailed,
    Response,
)
from bot.core.model.status_ranges import in_ranges
from bot.core.routing.client_way import ClientWay
from bot.core.routing.gateway_request import name_or_none, probe_request
from bot.core.routing.readings import readings
from bot.core.routing.routes import Backend, Route, routes

NOBODY = "agw-control.invalid"
"""A host name that no server has: `.invalid` is never assigned (RFC 2606, section 2)."""

_At = Callable[[Backend], Attempt]

MOST_HOSTS = 2
MOST_POOLS = 4
MOST_SERVERS = 2
"""How many host names that a backend does not know, other pools, and servers of each are tried: enough to find a
mix-up."""


@dataclass(frozen=True, slots=True)
class HostInOtherPool:
    """The same request at a server of another pool, and there for a host that nobody has (`control`).

    `own` is the attempt that is rejected, `turned_down` says how.
    """

    host: str
    pool: Pool
    server: str
    attempt: Attempt
    control: Attempt
    own: Attempt
    turned_down: str


def candidate_pools(view: BackendView) -> Iterator[HostInOtherPool]:
    """Every host of the backend that it does not know, asked of other pools; nothing if it knows them all."""
    named = (host for host in view.backend.hosts if name_or_none(host))
    refusals = ((host, next(_refusals(view, host), None)) for host in named)
    refused = ((host, found) for host, found in refusals if found is not None)
    for host, (own, turned_down, asked) in islice(refused, MOST_HOSTS):
        for other in _others(view, host):
            attempt = asked(other)
            yield HostInOtherPool(
                host=host,
                pool=other.pool,
                server=other.server,
                attempt=attempt,
                control=replace(attempt, host=NOBODY),
                own=own,
                turned_down=turned_down,
            )


@asked_once
def pool_that_serves(view: BackendView) -> HostInOtherPool | None:
    """The first server of another pool that knows a host which this backend does not; None if none is known."""
    return next((it for it in candidate_pools(view) if _knows(view, it)), None)


def routes_of(backend: Backend, host: str) -> tuple[Route, ...]:
    """The routes by which requests for this host get to the backend."""
    return tuple(it for it in backend.routes if host in it.listener.hosts)


def _refusals(view: BackendView, host: str) -> Iterator[tuple[Attempt, str, _At]]:
    """The health probe if it asks for this host, else each request of clients for it, where the server rejects it.

    How it does, and the same at another server. Only what the gateway really sends counts: by a wider rule, or by
    rewrite rules, requests for the host may never get here, or as others.
    """
    if view.probe_request.host == host:
        own = view.probe_attempt
        turned_down = _turned_down(view, own)
        if turned_down is not None:
            yield own, turned_down, partial(_probe_at, view.gateway)
        return
    for client in view.case.clients_of(view.backend):
        made = client.can_be_made and client.way.host == host and client.way.condition is None
        if not made or client.changed_by is not None:
            continue
        seen = [_turned_down(view, it.attempt) for it in client.every_reading]
        if seen[0] is not None and None not in seen:
            yield client.attempt, seen[0], partial(_client_at, view.gateway, client.way)


def _probe_at(gateway: Gateway, backend: Backend) -> Attempt:
    return probe_request(gateway, backend).to(backend.server)


def _client_at(gateway: Gateway, way: ClientWay, backend: Backend) -> Attempt:
    return readings(gateway, way, backend)[0].request.to(backend.server)


def _others(view: BackendView, host: str) -> Iterator[Backend]:
    """Servers of pools that serve no part of this host: another path of the site is not a mix-up."""
    for pool in _other_pools(view.gateway, host):
        for server in pool.servers[:MOST_SERVERS]:
            if not _is_member(view.case, view.pool, server):
                yield replace(view.backend, pool=pool, server=server)


@asked_once
def _other_pools(gateway: Gateway, host: str) -> list[Pool]:
    of_host = {it.pool.id for it in routes(gateway) if host in it.listener.hosts}
    return [it for it in gateway.pools if it.id not in of_host and it.servers][:MOST_POOLS]


@asked_once
def _is_member(case: Case, pool: Pool, server: str) -> bool:
    return server in pool.servers or (pool.id, server) in case.nic_members


def _turned_down(view: BackendView, attempt: Attempt) -> str | None:
    """How the server shows that the host is not its own; None if it does not, or was not seen."""
    # An SNI other than the host, such as that of a v1 pool member, says nothing about the host.
    named = attempt.sni == attempt.host
    match view.case.outcome(attempt):
        case HandshakeFailed(alert=alert) if named and alert == UNRECOGNIZED_NAME:
            return f"refuses TLS for {mark(attempt.host)}"
        case Answered(handshake=Handshake(chain=(leaf, *_))) if (
            named and view.settings.validate_sni and not covers(leaf, attempt.host)
        ):
            return f"shows the certificate of {mark(leaf.common_name or leaf.subject)}"
        case Answered(http=Response(status=status)) if status in NOT_KNOWN:
            return f"answers {status}"
    return None


def _knows(view: BackendView, there: HostInOtherPool) -> bool:
    wanted = view.probe_request.match.status_codes
    match view.case.outcome(there.attempt), view.case.outcome(there.control):
        case (
            Answered(handshake=handshake, http=Response(status=status)),
            Answered(http=Response(status=for_nobody)),
        ):
            leaf = handshake.leaf if handshake is not None else None
            sni = there.attempt.sni
            named = leaf is None or sni is None or covers(leaf, sni)
            return named and in_ranges(status, wanted) and not in_ranges(for_nobody, wanted)
    return False
