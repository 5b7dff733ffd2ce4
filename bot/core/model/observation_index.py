"""Observations, found by what was asked.

A pool may hold 1,200 members (azure-subscription-service-limits) and every rule asks for each of them, so nothing is
searched for from the start.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.model.observation import Attempt, Hello, NotTried, Observation


@dataclass(frozen=True, slots=True)
class ObservationIndex:
    """An index of observations; of equal ones the first counts, all others keep their order."""

    of_all: tuple[Observation, ...]
    exact: dict[Attempt, Observation]
    by_place: dict[tuple[str, int], tuple[Observation, ...]]
    by_server: dict[str, tuple[Observation, ...]]
    by_connection: dict[tuple[str, int, bool, str | None, Hello], Observation]
    """Only those that were made."""

    def observations_at(self, server: str, port: int) -> tuple[Observation, ...]:
        """Whatever was asked of that port of that server."""
        return self.by_place.get((server, port), ())

    def of(self, server: str) -> tuple[Observation, ...]:
        """Whatever was asked of that server."""
        return self.by_server.get(server, ())


NOTHING = ObservationIndex((), {}, {}, {}, {})
"""Nothing was asked."""


def index_observations(observations: Iterable[Observation]) -> ObservationIndex:
    """The index of these observations."""
    exact: dict[Attempt, Observation] = {}
    by_place: dict[tuple[str, int], list[Observation]] = {}
    by_server: dict[str, list[Observation]] = {}
    by_connection: dict[tuple[str, int, bool, str | None, Hello], Observation] = {}
    every = tuple(observations)
    for it in every:
        exact.setdefault(it.attempt, it)
        by_place.setdefault((it.attempt.server, it.attempt.port), []).append(it)
        by_server.setdefault(it.attempt.server, []).append(it)
        if not isinstance(it.outcome, NotTried):
            by_connection.setdefault(it.attempt.connection, it)
    return ObservationIndex(
        every,
        exact,
        {place: tuple(found) for place, found in by_place.items()},
        {server: tuple(found) for server, found in by_server.items()},
        by_connection,
    )
