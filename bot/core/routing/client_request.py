"""Clients' requests as the gateway passes them on: one for each way of theirs and each server that it leads to.

A gateway may have 100 listeners and 1,200 pool members (azure-subscription-service-limits), so not every way is tried
with every member: each way and each member is before any of them is a second time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, zip_longest

from bot.core.model.gateway import Gateway
from bot.core.model.marked import mark
from bot.core.model.observation import Attempt
from bot.core.routing.client_way import ClientWay, client_ways
from bot.core.routing.gateway_request import GatewayRequest
from bot.core.routing.readings import Reading, readings
from bot.core.routing.rewrites import Rewritten, rules_in_words
from bot.core.routing.routes import Backend, Place

MOST_CLIENT_REQUESTS = 120
"""For one diagnosis: half of the connections that it may make."""


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A client's request as the gateway passes it on to one server.

    `rewritten` is what rewrite rules have made of it, if any did. `others` are the same request by other readings:
    where Microsoft's pages contradict each other or say nothing, or where it depends on what only the client knows.
    """

    way: ClientWay
    backend: Backend
    request: GatewayRequest
    others: tuple[Reading, ...] = ()
    rewritten: Rewritten | None = None

    def __hash__(self) -> int:
        """By what mostly tells one from another: every rule looks each of them up."""
        return hash(
            (self.backend, self.request.host, self.request.path, self.way.host, self.way.path)
        )

    @property
    def client_host(self) -> str:
        """The host that the client asked for."""
        return self.way.host

    @property
    def path(self) -> str:
        """The path before the HTTP settings override it: the client's, or what a rewrite has made of it."""
        return self.rewritten.target if self.rewritten is not None else self.way.path

    @property
    def attempt(self) -> Attempt:
        """The same request as an attempt of our own."""
        return self.request.to(self.backend.server)

    @property
    def other_attempts(self) -> tuple[Attempt, ...]:
        """The same by the other readings."""
        return tuple(it.request.to(self.backend.server) for it in self.others)

    @property
    def can_be_made(self) -> bool:
        """Whether it is known what is sent, and the host and the server are known by a name or an address."""
        named = "*" not in self.request.host and "/" not in self.backend.server
        return named and self.way.unknown is None

    @property
    def changed_by(self) -> str | None:
        """The rewrite rules that have made it another request than the client's, and what of it, in words."""
        made, rewrites = self.rewritten, self.way.rewrites
        if made is None or rewrites is None or not made.rules:
            return None
        changed = (
            f"Host {mark(made.host)}" if made.host not in (None, self.way.host) else "",
            f"path {mark(made.target)}" if made.target != self.way.path else "",
        )
        what = " and ".join(filter(None, changed))
        verb = "change" if len(made.rules) > 1 else "changes"
        rules = rules_in_words(rewrites, made.rules)
        return f"{rules} {verb} the request to {what}" if what else None

    @property
    def every_reading(self) -> tuple["ClientRequest", ...]:
        """The same request by each of its readings, its own first."""
        return (self, *map(self.read_as, self.others))

    def read_as(self, other: Reading) -> "ClientRequest":
        """The same request by one of its other readings."""
        return replace(self, request=other.request, rewritten=other.rewritten, others=())


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
    first, *others = readings(gateway, way, backend)
    return ClientRequest(way, backend, first.request, tuple(others), first.rewritten)
