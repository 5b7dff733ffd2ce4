"""Which connections to make: the gateway's own request, and the variants that tell causes apart."""

from collections.abc import Iterable, Iterator
from itertools import chain

from bot.core.case.case import NOT_MADE, Case
from bot.core.case.view import view_of
from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Gateway
from bot.core.model.observation import Attempt
from bot.core.routing.client_request import MOST_CLIENT_REQUESTS, ClientRequest
from bot.core.routing.gateway_request import client_request, name_or_none, probe_request
from bot.core.routing.routes import Backend

MOST_NAMES = 4
"""Host names tried for one backend: enough to tell causes apart, few enough to be polite."""

MOST_ATTEMPTS = 240
"""For one diagnosis; a pool may hold 1,200 members (azure-subscription-service-limits)."""


def wanted_attempts(case: Case) -> tuple[Attempt, ...]:
    """Every connection worth making for a case, the most telling first, none twice.

    In a large pool, each way of clients and each member is asked before any of them is a second time. A member that
    joins through its network interface may be known by the interface's resource id alone.
    """
    gateway = case.gateway
    probes = probe_attempts(case)
    clients = tuple(client_attempts(case.clients))
    once = client_attempts({it.way: it for it in reversed(case.clients)}.values())
    room = MOST_ATTEMPTS - MOST_CLIENT_REQUESTS
    first = (*probes[:room], *once, *probes[room:], *clients)
    variants = (attempt for it in case.backends for attempt in telling_variants(gateway, it))
    return first_of(MOST_ATTEMPTS, (it for it in chain(first, variants) if "/" not in it.server))


def first_of(most: int, attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """So many different ones; the rest is not even worked out."""
    found: dict[Attempt, None] = {}
    for it in attempts:
        found[it] = None
        if len(found) == most:
            break
    return tuple(found)


@asked_once
def probe_attempts(case: Case) -> tuple[Attempt, ...]:
    """The gateway's health probes as attempts of our own."""
    return tuple(view_of(case, backend).probe_attempt for backend in case.backends)


def client_attempts(clients: Iterable[ClientRequest]) -> Iterator[Attempt]:
    """What clients' requests look like to the backends, by each reading of Microsoft's pages."""
    for it in clients:
        if it.can_be_made:
            yield it.attempt
            yield from it.other_attempts


def missing_attempts(case: Case) -> tuple[Attempt, ...]:
    """The gateway's own requests that nobody has made yet; aliases of a paper trial are resolved."""
    wanted = (*probe_attempts(case), *client_attempts(case.clients))
    missing = (it for it in wanted if "/" not in it.server and case.outcome(it) == NOT_MADE)
    return tuple(dict.fromkeys(map(case.resolve_alias, missing)))


def candidate_names(gateway: Gateway, backend: Backend) -> tuple[str, ...]:
    """The host names in play for a backend, most likely first: probe, settings, member, listeners."""
    probe = gateway.probe_of(backend.settings)
    found = (
        probe.host if probe else None,
        backend.settings.host_name,
        backend.settings.sni_name,
        backend.server,
        *backend.hosts,
    )
    return tuple(dict.fromkeys(name for name in map(name_or_none, found) if name))


def telling_variants(gateway: Gateway, backend: Backend) -> Iterator[Attempt]:
    """The same request without SNI and with every name in play, and what clients' requests look like."""
    sent = probe_request(gateway, backend)
    if sent.bare:
        # Nobody sends HTTP to what may be a database.
        if sent.protocol == "https":
            yield Attempt(backend.server, sent.port, True, None, sent.host, None)
        return
    names = candidate_names(gateway, backend)[:MOST_NAMES]
    if sent.protocol == "https":
        yield Attempt(backend.server, sent.port, True, None, sent.host, sent.path)
    for name in names:
        sni = name if sent.protocol == "https" else None
        yield Attempt(backend.server, sent.port, sent.protocol == "https", sni, name, sent.path)
        yield client_request(gateway, backend, name).to(backend.server)
