"""One backend of a case, with the questions that are asked of both together."""

from dataclasses import dataclass, field
from typing import Any

from bot.core.case.case import Case
from bot.core.model.asked_once import asked_once, worked_out_once
from bot.core.model.gateway import Gateway, HttpSettings, Pool
from bot.core.model.health import BackendHealth, ServerHealth
from bot.core.model.observation import Answered, Attempt, Handshake, Outcome, Response
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.gateway_request import GatewayRequest
from bot.core.routing.routes import Backend


@dataclass(frozen=True)
class BackendView:
    """What a rule of one backend looks at: the health probe, or a client's request in its place.

    Every rule asks the same of it, so it keeps its answers: take it from `view_of`.
    """

    case: Case
    backend: Backend
    client: ClientRequest | None = None
    known: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def gateway(self) -> Gateway:
        """The gateway that the backend belongs to."""
        return self.case.gateway

    @property
    def pool(self) -> Pool:
        """The backend pool that it is a member of."""
        return self.backend.pool

    @property
    def settings(self) -> HttpSettings:
        """The HTTP settings with which the gateway speaks to it."""
        return self.backend.settings

    @property
    def server(self) -> str:
        """The pool member: an address or a name."""
        return self.backend.server

    @worked_out_once
    def probe_request(self) -> GatewayRequest:
        """What the gateway's health probe sends to it."""
        return self.case.probe_request(self.backend)

    @worked_out_once
    def probe_attempt(self) -> Attempt:
        """The gateway's health probe as an attempt of our own."""
        return self.probe_request.to(self.server)

    @worked_out_once
    def request(self) -> GatewayRequest:
        """What is looked at: the client's request, if there is one, else the health probe."""
        return self.client.request if self.client is not None else self.probe_request

    @worked_out_once
    def attempt(self) -> Attempt:
        """That request as an attempt of our own."""
        return self.request.to(self.server)

    @worked_out_once
    def of_probe(self) -> "BackendView":
        """The same backend, with the health probe in place of the client's request."""
        return view_of(self.case, self.backend)

    @worked_out_once
    def response(self) -> Response | None:
        """The HTTP response to the request that is looked at; None if there was none."""
        return self.case.response(self.attempt)

    @property
    def named_by_client(self) -> str | None:
        """The SNI of the client's request that is looked at; None where it is the health probe, or has none."""
        return self.client.request.sni if self.client is not None else None

    @worked_out_once
    def outcome(self) -> Outcome:
        """What came of that attempt; `NOT_MADE` if nobody made it."""
        return self.case.outcome(self.attempt)

    @worked_out_once
    def connection(self) -> Outcome:
        """What came of a connection like that request's, whatever was requested on it."""
        return self.case.connection(self.attempt)

    @worked_out_once
    def handshake(self) -> Handshake | None:
        """The agreed TLS session of that connection, if there was one."""
        return self.case.handshake(self.attempt)

    @worked_out_once
    def handshakes(self) -> tuple[tuple[Attempt, Handshake], ...]:
        """Every agreed TLS session with this backend's server and port, one for each SNI tried."""
        wanted = self.case.resolve_alias(self.attempt)
        tried: set[str | None] = set()
        found: list[tuple[Attempt, Handshake]] = []
        for it in self.case.observations_at(wanted.server, wanted.port):
            small = it.attempt.hello == "small"
            if small and it.attempt.sni not in tried and isinstance(it.outcome, Answered):
                tried.add(it.attempt.sni)
                if it.outcome.handshake is not None:
                    found.append((it.attempt, it.outcome.handshake))
        return tuple(found)

    @worked_out_once
    def server_health(self) -> ServerHealth | None:
        """What the gateway says of it; None if it says nothing, as it does of clients' requests."""
        if self.client is not None:
            return None
        health = self.case.health
        if isinstance(health, BackendHealth):
            return health.of(*self.backend.place, self.server)
        return None


@asked_once
def view_of(case: Case, backend: Backend, client: ClientRequest | None = None) -> BackendView:
    """The one view of a backend that all rules share, with what they have worked out."""
    return BackendView(case, backend, client)


@asked_once
def views(case: Case) -> tuple[BackendView, ...]:
    """Every backend of a case."""
    return tuple(view_of(case, it) for it in case.backends)
