"""Clients' requests as the gateway passes them on: one for each way of theirs and each server that it leads to.

A gateway may have 100 listeners and 1,200 pool members (azure-subscription-service-limits), so not every way is tried
with every member: each way and each member is before any of them is a second time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest

from bot.core.model.gateway import Gateway
from bot.core.model.observation import Attempt
from bot.core.routing.client_way import ClientWay, client_ways
from bot.core.routing.gateway_request import (
    GatewayRequest,
    client_request,
    client_request_by_member,
)
from bot.core.routing.routes import Backend, Place

MOST_CLIENT_REQUESTS = 120
"""For one diagnosis: half of the connections that it may make."""


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A client's request as the gateway passes it on to one server.

    `other` is the same request by the other of two readings, where Microsoft's pages contradict each other.
    """

    way: ClientWay
    backend: Backend
    request: GatewayRequest
    other: GatewayRequest | None = None

    @property
    def client_host(self) -> str:
        """The host that the client asked for."""
        return self.way.host

    @property
    def attempt(self) -> Attempt:
        """The same request as an attempt of our own."""
        return self.request.to(self.backend.server)

    @property
    def other_attempt(self) -> Attempt | None:
        """The same by the other reading."""
        return self.other.to(self.backend.server) if self.other else None

    @property
    def can_be_made(self) -> bool:
        """Whether the host and the server are known by a name or an address."""
        return "*" not in self.request.host and "/" not in self.backend.server


def client_pairs(
    gateway: Gateway, backends: Iterable[Backend], asked: str | None = None
) -> dict[Place, tuple[list[ClientWay], list[Backend]]]:
    """By place, the ways that lead to it and the servers there: every way may end at every server."""
    members: dict[Place, dict[str, Backend]] = {}
    for backend in backends:
        # A pool may list the same address twice.
        members.setdefault(backend.place, {})[backend.server] = backend
    ways: dict[Place, list[ClientWay]] = {}
    for way in client_ways(gateway, asked):
        if way.route.place in members:
            ways.setdefault(way.route.place, []).append(way)
    return {place: (found, [*members[place].values()]) for place, found in ways.items()}


def all_client_requests(
    gateway: Gateway, backends: Iterable[Backend], asked: str | None = None
) -> tuple[ClientRequest, ...]:
    """The requests of clients to look at; `asked` is the host that somebody asked about."""
    places = client_pairs(gateway, backends, asked).values()
    turns = [_spread(ways, members) for ways, members in places]
    # By turns, so that a place with many members leaves room for the others.
    pairs = (pair for turn in zip_longest(*turns) for pair in turn if pair is not None)
    return tuple(
        _request(gateway, way, backend) for way, backend in islice(pairs, MOST_CLIENT_REQUESTS)
    )


def _spread(ways: list[ClientWay], members: list[Backend]) -> Iterator[tuple[ClientWay, Backend]]:
    """Every pair once; each way and each member before any of them a second time."""
    most = max(len(ways), len(members))
    done: set[tuple[int, int]] = set()
    for shift in range(most):
        for turn in range(most):
            pair = (turn % len(ways), (turn + shift) % len(members))
            if pair not in done:
                done.add(pair)
                yield ways[pair[0]], members[pair[1]]


def _request(gateway: Gateway, way: ClientWay, backend: Backend) -> ClientRequest:
    sent = client_request(gateway, backend, way.host, way.path, way.pattern)
    return ClientRequest(way, backend, sent, client_request_by_member(gateway, backend, sent))
