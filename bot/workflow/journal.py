"""What happened to a change, as lines of the audit log: the one place that knows what such a line contains."""

from collections.abc import Callable
from datetime import datetime

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change, Person
from bot.workflow.ports import Store


class Journal:
    """Makes lines of the audit log, and appends them; a line's time is when it is made."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def entry(
        self, action: str, change: Change, person: Person | None = None, /, **details: str
    ) -> AuditEntry:
        """One line about a change; without a `person`, in the name of who approved or requested it."""
        who = person or change.approved_by or change.requested_by
        at, gateway_id = self._clock(), change.plan.gateway_id
        if change.card.incident:
            details = {"incident": change.card.incident, **details}
        return AuditEntry(at, action, gateway_id, who.team, who.user, change.id, details)

    async def write(
        self, action: str, change: Change, person: Person | None = None, /, **details: str
    ) -> None:
        """Append such a line."""
        await self._store.audit(self.entry(action, change, person, **details))
