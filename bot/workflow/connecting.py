"""Our own connections in one diagnosis: never more than a fixed number, however many would be worth making."""

from bot.core.analysis.follow_up_probes import MOST_FURTHER
from bot.core.case.attempts import MOST_ATTEMPTS
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway
from bot.core.model.observation import Attempt, NotTried, Observation
from bot.workflow.ports import Prober

MOST = MOST_ATTEMPTS + MOST_FURTHER
"""Of the first look, and of what is made beside it; each step may take half of what is left."""


class Connections:
    """Makes them, the most telling first, and counts. `probe`: whether backends may be contacted at all."""

    def __init__(self, prober: Prober, *, probe: bool) -> None:
        self._prober = prober
        self._probe = probe
        self._left = MOST
        self._left_out: set[Attempt] = set()

    @property
    def note(self) -> str | None:
        """What a person is told of the connections that were not made."""
        count = len(self._left_out)
        if not count:
            return None
        were = "connection was" if count == 1 else "connections were"
        return f"{count} further {were} not made: one diagnosis makes at most {MOST}."

    async def first(
        self, attempts: tuple[Attempt, ...], gateway: Gateway, within: float
    ) -> tuple[Observation, ...]:
        """The first look, and what Azure's answers add to it."""
        room = self._left - MOST_FURTHER
        return await self._make(attempts, gateway, within, max(room, self._left // 2))

    async def further(
        self, attempts: tuple[Attempt, ...], gateway: Gateway, within: float
    ) -> tuple[Observation, ...]:
        """What the results so far call for."""
        return await self._make(attempts, gateway, within, min(MOST_FURTHER, self._left // 2))

    async def _make(
        self, attempts: tuple[Attempt, ...], gateway: Gateway, within: float, most: int
    ) -> tuple[Observation, ...]:
        """Make so many of them within so many seconds, or say why not."""
        if not self._probe:
            reason = NotTried("probing is switched off")
            return tuple(Observation(attempt, reason) for attempt in attempts)
        asked = attempts[:most]
        self._left -= len(asked)
        self._left_out = (self._left_out | set(attempts[most:])) - set(asked)
        if not asked:
            return ()
        return await self._prober.observe(asked, _anchors(gateway), within)


def _anchors(gateway: Gateway) -> tuple[Certificate, ...]:
    found = (it.certificate for it in gateway.trusted_roots)
    # What else is in such a file is no anchor of the gateway, but may be the root that is wanted.
    behind = (other for it in gateway.trusted_roots for other in it.bundled if other.is_root)
    return (*(it for it in found if isinstance(it, Certificate)), *behind)
