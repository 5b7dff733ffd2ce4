"""The part of the store that keeps changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change, ChangeState, may_move
from bot.core.changes.lease import Lease
from bot.core.changes.word import Word
from bot.store import change_lists, change_metrics, changes, recording
from bot.store.transactions import Transactions
from bot.store.work import Taken

_SET_ON_MOVE = frozenset(it.name for it in fields_of(Change)) - {"id", "plan", "state", "created"}
_SET_BY_NOTE = frozenset({"card", "outcome", "after_etag", "undone_by", "sought"})


class ChangeStore(Transactions):
    """Changes: added as offers, moved on step by step, and listed."""

    async def add_change(
        self, change: Change, *, entries: Sequence[AuditEntry] = (), words: Sequence[Word] = ()
    ) -> None:
        """Insert a new change.

        Raises:
            ValueError: it is not in the state `offered`; only `advance` moves a change.
        """
        if change.state != "offered":
            raise ValueError(f"a new change is offered, not {change.state}")
        await self._record(changes.add(change), entries, words)

    async def change(self, change_id: str) -> Change | None:
        """One change by id."""
        return await self._database.read(changes.find(change_id))

    async def changes(
        self, gateway_id: str | None = None, *, limit: int | None = None
    ) -> tuple[Change, ...]:
        """All changes, or those of one gateway; newest first. In lists, changes come without their `before`."""
        return await self._database.read(change_lists.newest(gateway_id, limit))

    async def count_changes(self, gateway_id: str | None = None, *, most: int) -> int:
        """How many there are, counted up to `most`: with years of them, counting all takes long."""
        return await self._database.read(change_lists.number(gateway_id, most))

    async def open_changes(
        self, gateway_id: str | None = None, *, limit: int | None = None
    ) -> tuple[Change, ...]:
        """Those that are offered or under way, newest first."""
        return await self._database.read(change_lists.open_ones(gateway_id, limit))

    async def changes_of_card(self, incident_id: str) -> tuple[Change, ...]:
        """The changes offered on one card, oldest first."""
        return await self._database.read(change_lists.of_card(incident_id))

    async def expired_offers(self, now: datetime, limit: int) -> tuple[Change, ...]:
        """Offers that nobody may approve any more, those that ended first first."""
        return await self._database.read(change_lists.expired(now, limit))

    async def changed_with_offers(self, since: datetime) -> tuple[Change, ...]:
        """Changes made since then whose gateway may hold them and has offers as well, oldest first."""
        return await self._database.read(change_lists.before_offers(since))

    async def active_changes(self) -> tuple[Change, ...]:
        """The changes that are under way, oldest first."""
        return await self._database.read(change_lists.under_way())

    async def free_changes(self, limit: int) -> tuple[Change, ...]:
        """Those of them whose lease `change:ID` nobody holds, oldest first."""
        return await self._database.read(change_lists.free(limit))

    async def advance(
        self,
        change_id: str,
        before: ChangeState,
        after: ChangeState,
        /,
        *,
        lease: Lease | None = None,
        entries: Sequence[AuditEntry] = (),
        words: Callable[[Change], Sequence[Word]] = recording.nothing,
        **fields: Any,
    ) -> Change | None:
        """Move from one state to the next and set fields, atomically (compare-and-set).

        The states are positional only, because a change also has a field `before`. `words`: what is told of the moved
        change. None if the change is not (or no longer) in `before`, or if its gateway has another active change; then
        nothing is stored.

        Raises:
            Problem: `lease_lost`.
            ValueError: the table in `bot.core.changes.change` does not allow the step.
            TypeError: there is no such field, or it may not be set.
        """
        if not may_move(before, after):
            raise ValueError(f"a change does not move from {before} to {after}")
        _only(fields, _SET_ON_MOVE)
        work = changes.advance(change_id, before, after, fields, lease)
        try:
            moved = await self._record(work, entries, words)
        except Taken:  # one_active_change
            return None
        if moved is not None:
            change_metrics.tell(before, moved, entries)
        return moved

    async def note(self, change_id: str, **fields: Any) -> Change:
        """Set fields other than the state: card, outcome, after_etag, undone_by, sought.

        Raises:
            LookupError: there is no such change.
            TypeError: there is no such field, or it may not be set.
        """
        noted = await self.amend(change_id, lambda _: fields)
        if noted is None:
            raise LookupError(f"no change {change_id}")
        return noted

    async def amend(
        self,
        change_id: str,
        fields: Callable[[Change], Mapping[str, Any] | None],
        *,
        entries: Sequence[AuditEntry] = (),
        words: Sequence[Word] = (),
    ) -> Change | None:
        """Set the fields that are made of the change as it is stored, in one transaction; those of `note`.

        None, and nothing is stored, if there is no such change, or if `fields` says so.

        Raises:
            TypeError: there is no such field, or it may not be set.
        """

        def allowed(change: Change) -> Mapping[str, Any] | None:
            found = fields(change)
            _only(found or {}, _SET_BY_NOTE)
            return found

        return await self._record(changes.amend(change_id, allowed), entries, words)


def _only(fields: Mapping[str, Any], allowed: frozenset[str]) -> None:
    wrong = sorted(fields.keys() - allowed)
    if wrong:
        raise TypeError(f"may not be set here: {', '.join(wrong)}")
