"""The store, whatever kind of database it is in."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import fields as fields_of
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from bot.core.changes.audit import AuditEntry, AuditLine
from bot.core.changes.audit_chain import AuditHead, Broken, Intact, LinePlace
from bot.core.changes.change import Change, ChangeState, may_move
from bot.core.changes.lease import Lease
from bot.core.changes.word import Unsaid, Word
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.store import (
    audit,
    audit_lines,
    audit_retention,
    audit_verification,
    change_lists,
    change_metrics,
    changes,
    clock,
    deliveries,
    incidents,
    leases,
    outbox,
    recording,
    retention,
)
from bot.store.problems import lines_unreadable
from bot.store.recording import Told
from bot.store.values import from_text
from bot.store.work import Taken, Work

T = TypeVar("T")

_SET_ON_MOVE = frozenset(it.name for it in fields_of(Change)) - {"id", "plan", "state", "created"}
_SET_BY_NOTE = frozenset({"card", "outcome", "after_etag", "undone_by", "sought"})


class Database(Protocol):
    """Carries out work. Cancelling the caller leaves it done or not done, and never half done."""

    async def read(self, work: Work[T]) -> T:
        """Work that writes nothing."""

    async def write(self, work: Work[T]) -> T:
        """Work as one transaction. Raises `Taken` if a unique index refused a row."""

    async def close(self) -> None:
        """Let go of the file or the connections."""


class DatabaseStore:
    """What survives a restart. Every method is atomic: either all of it is stored or none of it.

    Any method may raise `Problem`; the codes are in the modules of `bot.store` whose names end in `problems`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hearers: list[Callable[[Sequence[AuditLine]], None]] = [audit_lines.tell]

    def tell_lines(self, hearer: Callable[[Sequence[AuditLine]], None]) -> None:
        """Let somebody hear of each line of the audit log as soon as it is stored; it must neither wait nor raise."""
        self._hearers.append(hearer)

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()

    async def now(self) -> datetime:
        """What time it is by the database's clock."""
        return await self._database.read(clock.now())

    async def first_time(self, key: str, now: datetime) -> bool:
        """Remember a delivery for a day; False if it was already seen."""
        return await self._database.write(deliveries.first_time(key, now))

    async def add_incident(
        self, incident: Incident, *, entries: Sequence[AuditEntry] = (), words: Sequence[Word] = ()
    ) -> None:
        """Insert a new incident."""
        await self._record(incidents.add(incident), entries, words)

    async def alter_incident(
        self,
        incident_id: str,
        altered: Callable[[Incident], Incident | None],
        *,
        entries: Callable[[Incident], Sequence[AuditEntry]] = recording.nothing,
        words: Sequence[Word] = (),
    ) -> Incident | None:
        """Make of it what it is to be, as it is stored, so that nobody's part of it is lost; as it is then.

        None, and nothing is stored, if there is no such incident, or if `altered` says so. That is pure, as it is
        called again where somebody else was faster, and leaves the id, the gateway and the time as they are.
        """
        while True:
            stored = await self._database.read(incidents.as_stored(incident_id))
            made = altered(stored.incident) if stored is not None else None
            if stored is None or made is None:
                return None
            exchanged = incidents.exchange(stored, made)
            if await self._record(exchanged, entries, words) is not None:
                return made

    async def incident(self, incident_id: str) -> Incident | None:
        """One incident by id."""
        return await self._database.read(incidents.find(incident_id))

    async def recent_incidents(
        self, gateway_id: str | None, since: datetime, *, limit: int
    ) -> tuple[Incident, ...]:
        """The newest incidents of one gateway, or of all, since a point in time, newest first."""
        return await self._database.read(incidents.recent(gateway_id, since, limit))

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

    async def take(self, key: str, holder: str, seconds: float) -> Lease | None:
        """Take a lease for a while; None if it has a holder, even if that is the same one."""
        return await self._database.write(leases.take(key, holder, seconds))

    async def keep(self, lease: Lease, seconds: float) -> bool:
        """Prolong it, from now on; False if it is lost.

        One that has run out is not lost as long as nobody else has taken it: then nobody else has worked on it.
        """
        return await self._database.write(leases.keep(lease, seconds))

    async def let_go(self, lease: Lease) -> None:
        """Let somebody else take it at once."""
        await self._database.write(leases.let_go(lease))

    async def say(self, *words: Word) -> None:
        """Store words without a change of state."""
        await self._database.write(outbox.add(words))

    async def unsaid(self, limit: int, now: datetime | None = None) -> tuple[Unsaid, ...]:
        """Words to say, oldest first: of each place the first one, if it is due (`now`: by default the database's)."""
        return await self._database.read(outbox.unsaid(limit, now))

    async def unsaid_count(self) -> int:
        """How many words are not said yet, due or not."""
        return await self._database.read(outbox.unsaid_count())

    async def begin_saying(self, seq: int, *, lease: Lease | None = None) -> None:
        """Note that an attempt is under way.

        Raises:
            Problem: `lease_lost`.
        """
        await self._database.write(outbox.begin(seq, lease))

    async def said(self, seq: int, ts: str = "") -> None:
        """Note that Slack took it; `ts` is the message."""
        await self._database.write(outbox.said(seq, ts))

    async def put_off(self, seq: int, due: datetime, because: str) -> None:
        """Note that it was not said, and when to try again."""
        await self._database.write(outbox.put_off(seq, due, because))

    async def give_up(self, seq: int, because: str) -> None:
        """Note that it never will be said."""
        await self._database.write(outbox.give_up(seq, because))

    async def audit(self, *entries: AuditEntry) -> None:
        """Append lines; the database itself then refuses to change or delete them."""
        self._told(await self._database.write(audit.add(entries)))

    async def audit_lines(
        self, gateway: str | None = None, since: datetime | None = None
    ) -> AsyncIterator[AuditLine]:
        """The lines by their times, a page at a time; `gateway` is a resource id or a bare name, in any case.

        Raises:
            Problem: `database_damaged`, after the last line: some could not be read, and were left out.
        """
        place = audit.start(since)
        unreadable: list[int] = []
        while page := await self._database.read(audit.page(gateway, place)):
            for at, number, text, previous, hashed in page:
                place = LinePlace(number, at)
                try:
                    entry = from_text(text, AuditEntry)
                except Problem:
                    unreadable.append(number)
                else:
                    yield AuditLine(entry, number, text, previous, hashed)
        if unreadable:
            raise lines_unreadable(unreadable)

    async def audit_head(self) -> AuditHead | None:
        """The newest line and its hash; None if there is none."""
        return await self._database.read(audit.head())

    async def verify_audit(self, head: str = "") -> Intact | Broken:
        """Whether every line follows the one before it; `head` is a hash that was kept elsewhere."""
        work: Work[audit_verification.Progress] = audit_verification.begin(head)
        while not isinstance(progress := await self._database.read(work), Intact | Broken):
            work = audit_verification.go_on(progress)
        return progress

    async def forget(self, older: timedelta) -> None:
        """Forget old documents, cards, words and leases, in small transactions. Changes and the audit log stay."""
        while await self._database.write(retention.forget(older)):
            pass

    async def forget_lines(self, older: timedelta) -> int:
        """Remove old lines of the audit log, oldest first, in small transactions, each noted; how many they were.

        Lines of a change that is open, or can still be undone, stay, and so does the newest line.
        """
        came = audit_retention.Came()
        while not came.done:
            came = await self._database.write(audit_retention.forget(older, came))
        return came.removed

    async def _record(
        self,
        work: Work[T | None],
        entries: Told[AuditEntry],
        words: Told[Word],
    ) -> T | None:
        value, lines = await self._database.write(recording.recorded(work, entries, words))
        self._told(lines)
        return value

    def _told(self, lines: Sequence[AuditLine]) -> None:
        if lines:
            for hearer in self._hearers:
                hearer(lines)


def _only(fields: Mapping[str, Any], allowed: frozenset[str]) -> None:
    wrong = sorted(fields.keys() - allowed)
    if wrong:
        raise TypeError(f"may not be set here: {', '.join(wrong)}")
