"""All that a rule may look at: one gateway, its health, what our own connections saw, and the date."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.core.model.app_service_environment import Environment
from bot.core.model.asked_once import asked_once
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway
from bot.core.model.health import BackendHealth, Health
from bot.core.model.load import NOT_MEASURED, Load
from bot.core.model.lock import Lock
from bot.core.model.network import NOT_LOOKED_AT, GatewayNetwork
from bot.core.model.observation import (
    PUBLIC,
    Answered,
    Attempt,
    Handshake,
    Lookup,
    NotTried,
    Observation,
    Outcome,
    Response,
    Trust,
)
from bot.core.model.observation_index import NOTHING, ObservationIndex, index_observations
from bot.core.model.unavailable import Unavailable
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.gateway_request import GatewayRequest
from bot.core.routing.route_ends import NOWHERE, RouteEnds, route_ends
from bot.core.routing.routes import Backend, NicMembers, Place

NOT_MADE = NotTried("this connection has not been made")


@dataclass(frozen=True, slots=True)
class AssumedCertificate:
    """A supposition: the server on that port shows this certificate, whatever the SNI, or for the name `only`.

    `issuers` are sent after it. `anchors` are the roots in which its chain is taken to end (SHA-256, or `PUBLIC`);
    None: that of the CA which it names as its issuer, if it is stored on the gateway, else a public one.
    """

    server: str
    port: int
    certificate: Certificate
    issuers: tuple[Certificate, ...] = ()
    anchors: tuple[str, ...] | None = None
    only: str | None = None

    def shown(self, servers: Collection[str], attempt: Attempt) -> bool:
        """Whether it is meant for this connection; `servers` are all names of the server."""
        here = self.server in servers and self.port == attempt.port
        return here and self.only in (None, attempt.sni)


@dataclass(frozen=True, slots=True)
class Case:
    """One gateway at one moment. `now` is aware; `aliases` says which name is taken to mean which server.

    A name may have several addresses, and others for the gateway than for us: the alias says which one is judged
    (`analysis.addresses`). On paper, `aliases` and `assumed_certificates` are suppositions: "suppose
    `test.contoso.com` resolved to 10.1.5.11", "suppose 10.1.5.11 served this certificate on port 443". `nic_members`
    are pool members that only backend health tells of; `lookups` is what the DNS servers of the gateway's network say;
    `asked` is the host of the site that somebody asked about. `clients` are the requests of clients to look at.
    `locks` are those that are known to forbid a change; that there are none is never known.
    """

    gateway: Gateway
    health: Health
    observations: tuple[Observation, ...]
    now: datetime
    aliases: tuple[tuple[str, str], ...] = ()
    assumed_certificates: tuple[AssumedCertificate, ...] = ()
    nic_members: NicMembers = ()
    network: GatewayNetwork | Unavailable = NOT_LOOKED_AT
    environments: tuple[Environment, ...] | Unavailable = ()
    lookups: tuple[Lookup, ...] = ()
    load: Load | Unavailable = NOT_MEASURED
    locks: tuple[Lock, ...] = ()
    asked: str | None = None
    _ends: RouteEnds = field(default=NOWHERE, repr=False, compare=False)
    _seen: ObservationIndex = field(default=NOTHING, repr=False, compare=False)
    _meant: dict[str, str] = field(init=False, repr=False, compare=False)
    known: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Most cases on paper are of the same gateway, or of what was seen: `replace` hands on what was worked out.
        of = (self.gateway, self.nic_members, self.asked)
        if not self._ends.fit(*of):
            object.__setattr__(self, "_ends", route_ends(*of))
        object.__setattr__(self, "_meant", dict(self.aliases))
        if self._seen.of_all is not self.observations:
            object.__setattr__(self, "_seen", index_observations(self.observations))

    @property
    def backends(self) -> tuple[Backend, ...]:
        """Every server that the gateway probes."""
        return self._ends.backends

    @property
    def clients(self) -> tuple[ClientRequest, ...]:
        """The requests of clients to look at."""
        return self._ends.clients

    @property
    def unread(self) -> tuple[str, ...]:
        """What could not be read of Azure's answers beside the gateway's document."""
        environments = () if isinstance(self.environments, Unavailable) else self.environments
        return tuple(
            dict.fromkeys(
                note
                for part in (self.health, self.network, *environments, self.load)
                if isinstance(part, BackendHealth | GatewayNetwork | Environment | Load)
                for note in part.notes
            )
        )

    def probe_request(self, backend: Backend) -> GatewayRequest:
        """What the gateway's health probe sends to this backend; worked out once, since every rule asks for it."""
        return self._ends.probe_request(self.gateway, backend)

    def clients_of(self, backend: Backend) -> tuple[ClientRequest, ...]:
        """The requests of clients that lead to this backend."""
        return self._ends.clients_of(backend)

    def backends_of(self, server: str) -> tuple[Backend, ...]:
        """A server by this very name, in each of its places."""
        return self._ends.backends_of(server)

    def backends_at(self, place: Place) -> tuple[Backend, ...]:
        """The servers in one place."""
        return self._ends.backends_at(place)

    def outcome(self, attempt: Attempt) -> Outcome:
        """What came of this very request; `NOT_MADE` if nobody made it."""
        found = self._seen.exact.get(self.resolve_alias(attempt))
        return found.outcome if found is not None else NOT_MADE

    def response(self, attempt: Attempt) -> Response | None:
        """The HTTP response to this very request; None if there was none."""
        match self.outcome(attempt):
            case Answered(http=Response() as response):
                return response
        return None

    def seconds(self, attempt: Attempt) -> float:
        """How long this very request took us, in seconds; 0 if nobody made it."""
        found = self._seen.exact.get(self.resolve_alias(attempt))
        return found.seconds if found is not None else 0.0

    def observations_at(self, server: str, port: int) -> tuple[Observation, ...]:
        """Whatever was asked of that port of that server, in the order in which it was."""
        return self._seen.observations_at(server, port)

    @property
    def seen(self) -> ObservationIndex:
        """All observations; cases on paper share it."""
        return self._seen

    def answers(self, attempt: Attempt) -> Iterator[tuple[str, Response]]:
        """What the same server, port and path answered, by the Host header that was sent."""
        wanted = self.resolve_alias(attempt)
        for it in self.observations_at(wanted.server, wanted.port):
            made = it.attempt
            same = (made.tls, made.path, made.hello) == (wanted.tls, wanted.path, wanted.hello)
            if same and isinstance(it.outcome, Answered) and isinstance(it.outcome.http, Response):
                yield made.host, it.outcome.http

    def connection(self, attempt: Attempt) -> Outcome:
        """What came of a connection with the same server, port, SNI and hello, whatever was requested on it."""
        return _supposed(self, attempt) if self.assumed_certificates else self._seen_of(attempt)

    def _seen_of(self, attempt: Attempt) -> Outcome:
        wanted = self.resolve_alias(attempt)
        seen = self.outcome(attempt)
        if isinstance(seen, NotTried):
            found = self._seen.by_connection.get(wanted.connection)
            seen = found.outcome if found is not None else seen
        return seen

    def _suppose(self, servers: set[str], attempt: Attempt, outcome: Outcome) -> Outcome:
        # One server may have several names, each with suppositions: the first of them all counts.
        found = sorted({number for server in servers for number in self.assumed_at(server)})
        supposed = (self.assumed_certificates[number] for number in found)
        new = next((it for it in supposed if it.shown(servers, attempt)), None)
        if new is None or not isinstance(outcome, Answered) or outcome.handshake is None:
            return outcome
        chain = (new.certificate, *new.issuers)
        trust = self._supposed_trust(new)
        return replace(outcome, handshake=replace(outcome.handshake, chain=chain, trust=trust))

    def assumed_at(self, server: str) -> tuple[int, ...]:
        """Which of the assumed certificates are for a server by this name."""
        return _assumed_by_server(self).get(server, ())

    def _supposed_trust(self, served: AssumedCertificate) -> tuple[Trust, ...]:
        stored = (it.certificate for it in self.gateway.trusted_roots)
        roots = [it for it in stored if isinstance(it, Certificate)]
        good: Collection[str] | None = served.anchors
        if good is None:
            named = {it.sha256 for it in roots if it.subject == served.certificate.issuer}
            good = named or {PUBLIC}
        anchors = (*(it.sha256 for it in roots), PUBLIC)
        return tuple(Trust(it, 0 if it in good else 20, "supposed") for it in anchors)

    def handshake(self, attempt: Attempt) -> Handshake | None:
        """The agreed TLS session for that server, port and SNI, if there was one."""
        match self.connection(attempt):
            case Answered(handshake=Handshake() as handshake):
                return handshake
        return None

    def addresses(self, name: str) -> tuple[str, ...]:
        """The addresses that a server's name had for us; none if it was not looked up, or has none."""
        found = (it.addresses for it in self._seen.of(name))
        return next((addresses for addresses in found if addresses), ())

    def assuming_dns(self, supposed: tuple[tuple[str, str], ...]) -> "Case":
        """The case on paper, if these names meant these addresses and no others, to us and to the gateway."""
        names = {name for name, _ in supposed}
        return replace(
            self,
            aliases=(*self.aliases, *supposed),
            lookups=tuple(it for it in self.lookups if it.question.name not in names),
            observations=tuple(
                replace(it, addresses=()) if it.attempt.server in names else it
                for it in self.observations
            ),
        )

    def assuming_reachable(self) -> "Case":
        """The case on paper, if the gateway's network knew every name that we know."""
        known = (it for it in self.lookups if isinstance(it.answer, tuple))
        return replace(self, lookups=tuple(known))

    def resolve_alias(self, attempt: Attempt) -> Attempt:
        """The attempt that this one stands for: its server's alias, if it has one, in place of the server."""
        meant = self._meant.get(attempt.server)
        return attempt if meant is None else replace(attempt, server=meant)


@asked_once
def _supposed(case: Case, attempt: Attempt) -> Outcome:
    """What would come of the connection with the certificates that are assumed."""
    wanted = case.resolve_alias(attempt)
    return case._suppose({attempt.server, wanted.server}, wanted, case._seen_of(attempt))


@asked_once
def _assumed_by_server(case: Case) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for number, it in enumerate(case.assumed_certificates):
        found.setdefault(it.server, []).append(number)
    return {server: tuple(numbers) for server, numbers in found.items()}
