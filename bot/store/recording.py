"""What is stored together with the lines of the audit log and the words that belong to it: all of it, or nothing."""

from collections.abc import Sequence
from typing import TypeVar

from bot.core.changes.audit import AuditEntry, AuditLine
from bot.core.changes.word import Word
from bot.store import audit, outbox
from bot.store.work import Work

T = TypeVar("T")


def recorded(
    work: Work[T | None], entries: Sequence[AuditEntry], words: Sequence[Word]
) -> Work[tuple[T | None, Sequence[AuditLine]]]:
    """The work, with these lines and words; without them if it comes to None, as nothing happened then."""
    value = yield from work
    if value is None:
        return None, ()
    lines = yield from audit.add(entries)
    yield from outbox.add(words)
    return value, lines
