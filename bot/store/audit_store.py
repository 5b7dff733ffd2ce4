"""The part of the store that keeps the audit log."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.core.changes.audit import AuditEntry, AuditLine
from bot.core.changes.audit_chain import AuditHead, Broken, Intact, LinePlace
from bot.core.problem import Problem
from bot.store import audit, audit_retention, audit_verification
from bot.store.problems import lines_unreadable
from bot.store.transactions import Transactions
from bot.store.values import from_text
from bot.store.work import Work


class AuditStore(Transactions):
    """The lines of the audit log: added, read, verified, and forgotten when they are old."""

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

    async def forget_lines(self, older: timedelta) -> int:
        """Remove old lines of the audit log, oldest first, in small transactions, each noted; how many they were.

        Lines of a change that is open, or can still be undone, stay, and so does the newest line.
        """
        came = audit_retention.Came()
        while not came.done:
            came = await self._database.write(audit_retention.forget(older, came))
        return came.removed
