"""Which gateway a person means. The list of gateways is cached, because people ask again within minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.aside import aside
from bot.core.arm.listing_reader import read_listed
from bot.core.model.known_gateway import KnownGateway, known_by_id
from bot.core.routing.target import find, nearest, parse_target
from bot.workflow.lookup_result import Ambiguous, Candidate, Every, Found, Named, NotFound
from bot.workflow.ports import Azure

FRESH = timedelta(seconds=60)
ANEW = timedelta(seconds=10)
"""For an unknown name the gateways are listed again, as it may be new; but not more often than this."""


LIST_WITHIN = 25.0
"""Seconds for listing all gateways, after which those that were found have to do."""


class GatewayLookup:
    """Looks names up among the visible gateways; keeps the list for a minute. `within` is in seconds."""

    def __init__(
        self, azure: Azure, clock: Callable[[], datetime], within: float = LIST_WITHIN
    ) -> None:
        self._azure = azure
        self._within = within
        self._clock = clock
        self._listed: tuple[KnownGateway, ...] = ()
        self._gaps: tuple[str, ...] = ()
        self._at: datetime | None = None

    async def name(self, said: str) -> Named:
        """The gateway that `said` means: one, several, or none with the closest names.

        Raises:
            Problem: Azure could not be queried.
        """
        target = parse_target(said)
        if target.gateway_id is not None:
            found = known_by_id(target.gateway_id)
            if found is not None:
                return Found(target, _candidate(found))
        if self._older_than(FRESH):
            await self._list()
        found_now, host = find(target, self._listed)
        if not found_now and self._older_than(ANEW):
            await self._list()
            found_now, host = find(target, self._listed)
        match found_now:
            case ():
                return NotFound(target, nearest(target, self._listed), self._gaps)
            case (only,):
                return Found(target, _candidate(only), host)
            case several:
                return Ambiguous(target, tuple(map(_candidate, several)))

    async def every(self) -> Every:
        """All gateways. Raises `Problem` if Azure cannot be queried."""
        if self._older_than(FRESH):
            await self._list()
        return Every(tuple(map(_candidate, self._listed)), self._gaps)

    def _older_than(self, age: timedelta) -> bool:
        return self._at is None or self._clock() - self._at >= age

    async def _list(self) -> None:
        listed = await self._azure.list_gateways(self._within)
        self._listed, notes = await aside(read_listed, listed.gateways)
        self._gaps = (*listed.gaps, *(f"{it}." for it in notes))
        self._at = self._clock()


def _candidate(gateway: KnownGateway) -> Candidate:
    return Candidate(
        gateway.id, gateway.name, gateway.resource_group, gateway.subscription, gateway.state
    )
