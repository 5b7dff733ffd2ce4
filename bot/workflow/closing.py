"""Offers that end without an approval: withdrawn by who had asked, or left behind by another change."""

from collections.abc import Callable
from datetime import datetime

from bot.core.changes.change import CHANGED, Change, Person
from bot.workflow.decision import Decision, Granted, Refused
from bot.workflow.journal import Journal
from bot.workflow.ports import Store


class OfferCloser:
    """Closes offers. Each is a compare-and-set in the store, so whoever was faster wins."""

    def __init__(self, store: Store, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._journal = journal
        self._clock = clock

    async def withdraw(self, change_id: str, person: Person) -> Decision:
        """Close an offer for everybody, as who had asked for it."""
        offered = await self._store.change(change_id)
        if offered is None or offered.requested_by.user != person.user:
            return Refused("Only who asked for this may withdraw it.", offered)
        closed = await self._store.advance(
            change_id, "offered", "withdrawn", approved_by=person, decided=self._clock()
        )
        if closed is None:
            return Refused(
                "There is nothing left to withdraw.", await self._store.change(change_id)
            )
        await self._journal.write("withdrawn", closed, person)
        return Granted(closed)

    async def left_behind(self, done: Change) -> tuple[Change, ...]:
        """Close what was offered on any card for a gateway that `done` has changed since; returns what was closed."""
        if done.state not in CHANGED:
            return ()
        closed = []
        for it in await self._store.changes(done.plan.gateway_id):
            # What was offered for the gateway as it is now stays.
            if it.state == "offered" and it.plan.etag != done.after_etag:
                moved = await self._store.advance(
                    it.id, "offered", "expired", decided=self._clock(), superseded_by=done.id
                )
                if moved is not None:
                    await self._journal.write("superseded", moved, by=done.id)
                    closed.append(moved)
        return tuple(closed)

    async def cancel(self, change_id: str, person: Person) -> Decision:
        """Stop an approved change before anything is sent to Azure."""
        text = "Nothing was changed: it was cancelled before anything was sent to Azure."
        stopped = await self._store.advance(change_id, "approved", "refused", outcome=text)
        if stopped is None:
            change = await self._store.change(change_id)
            return Refused(
                "It is too late to cancel this: it was sent to Azure, or has ended.", change
            )
        await self._journal.write("cancelled", stopped, person)
        return Granted(stopped)
