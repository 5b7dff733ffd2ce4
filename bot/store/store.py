"""The store, whatever kind of database it is in."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.core.changes.audit import AuditEntry
from bot.core.changes.lease import Lease
from bot.core.changes.word import Unsaid, Word
from bot.core.report.incident import Incident
from bot.store import clock, deliveries, incidents, leases, outbox, recording, retention
from bot.store.audit_store import AuditStore
from bot.store.change_store import ChangeStore


class DatabaseStore(ChangeStore, AuditStore):
    """What survives a restart. Every method is atomic: either all of it is stored or none of it.

    Any method may raise `Problem`; the codes are in the modules of `bot.store` whose names end in `problems`.
    """

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
        while stored := await self._database.read(incidents.as_stored(incident_id)):
            made = altered(stored.incident)
            if made is None:
                return None
            exchanged = incidents.exchange(stored, made)
            if await self._record(exchanged, entries, words) is not None:
                return made
        return None

    async def incident(self, incident_id: str) -> Incident | None:
        """One incident by id."""
        return await self._database.read(incidents.find(incident_id))

    async def recent_incidents(
        self, gateway_id: str | None, since: datetime, *, limit: int
    ) -> tuple[Incident, ...]:
        """The newest incidents of one gateway, or of all, since a point in time, newest first."""
        return await self._database.read(incidents.recent(gateway_id, since, limit))

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

    async def forget(self, older: timedelta) -> None:
        """Forget old documents, cards, words and leases, in small transactions. Changes and the audit log stay."""
        while await self._database.write(retention.forget(older)):
            pass
