"""A certificate that a person hands in becomes an offer, to be approved like any other."""

from collections.abc import Awaitable, Callable

from bot.aside import aside
from bot.core.arm.edit import Conflict
from bot.core.changes.change import Card, Change, Person
from bot.core.changes.handed import handed_plan, is_handed_in
from bot.core.model.certificate import Unreadable
from bot.core.report.incident import Incident
from bot.workflow.deciding import Decider
from bot.workflow.decision import Refused
from bot.workflow.diagnosing import Examined
from bot.workflow.offers import Offers
from bot.workflow.ports import Prober, Store

GATEWAY_CHANGED = (
    "The gateway was changed since it was looked at: diagnose again, then hand it in there."
)


class HandingIn:
    """Reads it, judges it, and offers what it makes possible. `examined`: what the incident's card rests on."""

    def __init__(
        self,
        prober: Prober,
        store: Store,
        decider: Decider,
        offers: Offers,
        examined: Callable[[Incident], Awaitable[Examined]],
    ) -> None:
        self._prober = prober
        self._store = store
        self._decider = decider
        self._offers = offers
        self._examined = examined

    async def offer(self, incident: Incident, content: bytes, person: Person) -> Change | Refused:
        """The offer on the incident's card; or what is wrong with what was handed in, in one sentence.

        Nothing of a refused one is kept. Raises `Problem` if the gateway or the store cannot be read.
        """
        given = await aside(self._prober.read_handed, content)
        if isinstance(given, Unreadable):
            return Refused(f"This is not what is needed: {given.reason}.")
        examined = await self._examined(incident)
        try:
            plan = await aside(handed_plan, examined.what_if, examined.diagnosis, given)
        except Conflict:
            return Refused(GATEWAY_CHANGED)
        if isinstance(plan, str):
            return Refused(plan)
        for open_one in await self._store.changes_of_card(incident.id):
            if open_one.state == "offered" and is_handed_in(open_one.plan):
                if open_one.plan.digest == plan.digest:
                    return open_one
                # A card has one button for an option: the certificate that was handed in last.
                await self._offers.move(
                    open_one, "withdrawn", "withdrawn", person, approved_by=person
                )
        card = Card(incident.channel, incident.ts, incident.id)
        return await self._decider.offer(plan, person, card)
