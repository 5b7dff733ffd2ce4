"""Offers that end without an approval: withdrawn by who had asked, or left behind by another change."""

from datetime import datetime

from bot.core.changes.change import CHANGED, Change, Person
from bot.workflow.decision import Decision, Granted, Refused
from bot.workflow.offers import Offers
from bot.workflow.ports import Store


class OfferCloser:
    """Closes offers, for everybody."""

    def __init__(self, store: Store, offers: Offers) -> None:
        self._store = store
        self._offers = offers

    async def withdraw(self, change_id: str, person: Person) -> Decision:
        """Close an offer for everybody, as who had asked for it."""
        offered = await self._store.change(change_id)
        if offered is None or offered.requested_by.user != person.user:
            return Refused("Only who asked for this may withdraw it.", offered)
        closed = await self._offers.move(
            offered, "withdrawn", "withdrawn", person, approved_by=person
        )
        if closed is None:
            nothing = "There is nothing left to withdraw."
            return Refused(nothing, await self._store.change(change_id))
        return Granted(closed)

    async def left_behind(self, done: Change) -> tuple[Change, ...]:
        """Close what was offered on any card for a gateway that `done` has changed since; returns what was closed."""
        if done.state not in CHANGED:
            return ()
        return await self._close(done, None)

    async def overlooked(self, since: datetime) -> tuple[Change, ...]:
        """The same for every change made since then: whoever carried it out may have died right after its end."""
        closed: list[Change] = []
        for done in await self._store.changed_with_offers(since):
            # The version before did not store when a change ended.
            over = done.ended or done.sent
            if over is not None:
                closed += await self._close(done, over)
        return tuple(closed)

    async def _close(self, done: Change, before: datetime | None) -> tuple[Change, ...]:
        """Whatever was offered, or was offered before a point in time; not what fits the gateway as it is now.

        A diagnosis may take longer than a change: what it offers afterwards may still be for the gateway as it was.
        """
        closed = []
        for it in await self._store.open_changes(done.plan.gateway_id):
            is_old = before is None or it.created < before or it.plan.etag == done.plan.etag
            if it.state == "offered" and is_old and it.plan.etag != done.after_etag:
                closed.append(
                    await self._offers.move(it, "expired", "superseded", superseded_by=done.id)
                )
        return tuple(it for it in closed if it is not None)
