"""Which gateway does a person mean? Listed once in a while, because people ask again within minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.routing.target import KnownGateway, find, known, nearest, parse_target
from bot.workflow.lookup_result import Ambiguous, Candidate, Found, Named, NotFound
from bot.workflow.ports import Azure

FRESH = timedelta(seconds=60)
ANEW = timedelta(seconds=10)
"""An unknown name lists the gateways anew, as it may have just been made, but not over and over."""


class GatewayLookup:
    """Looks names up among the gateways that can be seen; keeps the list for a minute."""

    def __init__(self, azure: Azure, clock: Callable[[], datetime]) -> None:
        self._azure = azure
        self._clock = clock
        self._listed: tuple[KnownGateway, ...] = ()
        self._gaps: tuple[str, ...] = ()
        self._at: datetime | None = None

    async def name(self, said: str) -> Named:
        """What was said -> one gateway, several, or none with the nearest names.

        Raises:
            Problem: Azure could not be asked.
        """
        target = parse_target(said)
        if target.gateway_id is not None:
            found = known({"id": target.gateway_id})
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

    def _older_than(self, age: timedelta) -> bool:
        return self._at is None or self._clock() - self._at >= age

    async def _list(self) -> None:
        listed = await self._azure.list_gateways()
        self._listed = tuple(it for it in map(known, listed.gateways) if it is not None)
        self._gaps = listed.gaps
        self._at = self._clock()


def _candidate(gateway: KnownGateway) -> Candidate:
    return Candidate(gateway.id, gateway.name, gateway.resource_group, gateway.subscription)
