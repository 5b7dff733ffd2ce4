"""What is at the ends of a gateway's routes, worked out once for the gateway however many cases there are of it."""

from dataclasses import dataclass, field

from bot.core.model.gateway import Gateway
from bot.core.routing.client_request import ClientRequest, all_client_requests
from bot.core.routing.gateway_request import GatewayRequest, probe_request
from bot.core.routing.routes import Backend, NicMembers, Place, backends


@dataclass(frozen=True, slots=True)
class RouteEnds:
    """Every server that the gateway probes, and the requests of clients that reach them."""

    gateway: Gateway | None
    nic_members: NicMembers
    asked: str | None
    backends: tuple[Backend, ...]
    clients: tuple[ClientRequest, ...]
    _by_backend: dict[tuple[Place, str], tuple[ClientRequest, ...]]
    _by_server: dict[str, tuple[Backend, ...]] = field(default_factory=dict)
    _by_place: dict[Place, tuple[Backend, ...]] = field(default_factory=dict)
    _probes: dict[tuple[Place, str], tuple[Backend, GatewayRequest]] = field(default_factory=dict)

    def fit(self, gateway: Gateway, nic_members: NicMembers, asked: str | None) -> bool:
        """Whether they are those of this very gateway, with these members and for this question."""
        return self.gateway is gateway and (self.nic_members, self.asked) == (nic_members, asked)

    def probe_request(self, gateway: Gateway, backend: Backend) -> GatewayRequest:
        """What the gateway's health probe sends to this backend; every rule asks for it."""
        known = self._probes.get((backend.place, backend.server))
        if known is not None and known[0] is backend:
            return known[1]
        request = probe_request(gateway, backend)
        self._probes[(backend.place, backend.server)] = (backend, request)
        return request

    def clients_of(self, backend: Backend) -> tuple[ClientRequest, ...]:
        """The requests of clients that lead to this backend."""
        return self._by_backend.get((backend.place, backend.server), ())

    def backends_of(self, server: str) -> tuple[Backend, ...]:
        """A server by this very name, in each of its places."""
        return self._by_server.get(server, ())

    def backends_at(self, place: Place) -> tuple[Backend, ...]:
        """The servers in one place."""
        return self._by_place.get(place, ())


NOWHERE = RouteEnds(None, (), None, (), (), {})
"""Those of no gateway."""


def route_ends(gateway: Gateway, nic_members: NicMembers, asked: str | None) -> RouteEnds:
    """Those of a gateway; `nic_members` are members that only backend health tells of, `asked` is a site's host."""
    servers = backends(gateway, nic_members)
    clients = all_client_requests(gateway, servers, asked)
    found: dict[tuple[Place, str], list[ClientRequest]] = {}
    for it in clients:
        found.setdefault((it.backend.place, it.backend.server), []).append(it)
    by_backend = {place: tuple(each) for place, each in found.items()}
    by_server: dict[str, list[Backend]] = {}
    by_place: dict[Place, list[Backend]] = {}
    for backend in servers:
        by_server.setdefault(backend.server, []).append(backend)
        by_place.setdefault(backend.place, []).append(backend)
    return RouteEnds(
        gateway,
        nic_members,
        asked,
        servers,
        clients,
        by_backend,
        {server: tuple(each) for server, each in by_server.items()},
        {place: tuple(each) for place, each in by_place.items()},
    )
