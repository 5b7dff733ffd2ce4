"""What the gateway itself says of its backends (the `backendhealth` action)."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

HealthState = Literal["healthy", "unhealthy", "partial", "draining", "unknown"]


@dataclass(frozen=True, slots=True)
class ServerHealth:
    """One server under one pool and one HTTP settings; ids in lower case, `message` is the raw probe log."""

    pool: str
    settings: str
    server: str
    state: HealthState
    message: str | None

    @property
    def is_healthy(self) -> bool:
        """Whether it gets requests; one that is drained gets those of known sessions."""
        return self.state in ("healthy", "draining")


@dataclass(frozen=True, slots=True)
class BackendHealth:
    """The whole report. It is a cache that the gateway renews once a probe interval.

    `notes` says what of it could not be read.
    """

    servers: tuple[ServerHealth, ...]
    notes: tuple[str, ...] = ()
    # A pool may hold 1,200 members, and every rule asks for each of them.
    _by_place: dict[tuple[str, str, str], ServerHealth] = field(
        init=False, repr=False, compare=False
    )
    _by_server: dict[str, ServerHealth] = field(init=False, repr=False, compare=False)
    _healthy: Counter[tuple[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[tuple[str, str, str], ServerHealth] = {}
        for it in self.servers:
            found.setdefault((it.pool, it.settings, it.server.lower()), it)
        object.__setattr__(self, "_by_place", found)
        object.__setattr__(self, "_by_server", {it.server: it for it in reversed(self.servers)})
        healthy = Counter((it.pool, it.settings) for it in self.servers if it.is_healthy)
        object.__setattr__(self, "_healthy", healthy)

    def of(self, pool: str, settings: str, server: str) -> ServerHealth | None:
        """The entry for one server; servers are compared without regard to case."""
        return self._by_place.get((pool, settings, server.lower()))

    def of_server(self, server: str) -> ServerHealth | None:
        """The first entry for a server by this very name, in whatever place."""
        return self._by_server.get(server)

    def healthy_at(self, place: tuple[str, str]) -> int:
        """How many servers of this pool, under these HTTP settings, it calls healthy."""
        return self._healthy[place]


@dataclass(frozen=True, slots=True)
class HealthNotKnown:
    """The report could not be had: no permission, time-out, stopped gateway. Not the same as unhealthy."""

    reason: str


@dataclass(frozen=True, slots=True)
class SimulatedHealth:
    """The gateway has not seen this configuration: it exists only in a paper trial.

    `before` is what it said of the configuration that it has, as far as that still tells something on paper.
    """

    before: BackendHealth = BackendHealth(())


Health = BackendHealth | HealthNotKnown | SimulatedHealth
