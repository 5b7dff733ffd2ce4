"""What every part of the store stands on: a database, and whoever hears of the audit log as its lines are stored."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bot.core.changes.audit import AuditEntry, AuditLine
from bot.core.changes.word import Word
from bot.store import audit_lines, recording
from bot.store.recording import Told
from bot.store.work import Work

T = TypeVar("T")


class Database(Protocol):
    """Carries out work. Cancelling the caller leaves it done or not done, and never half done."""

    async def read(self, work: Work[T]) -> T:
        """Work that writes nothing."""

    async def write(self, work: Work[T]) -> T:
        """Work as one transaction. Raises `Taken` if a unique index refused a row."""

    async def close(self) -> None:
        """Let go of the file or the connections."""


class Transactions:
    """The transactions of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hearers: list[Callable[[Sequence[AuditLine]], None]] = [audit_lines.tell]

    def tell_lines(self, hearer: Callable[[Sequence[AuditLine]], None]) -> None:
        """Let somebody hear of each line of the audit log as soon as it is stored; it must neither wait nor raise."""
        self._hearers.append(hearer)

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()

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
