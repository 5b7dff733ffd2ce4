"""What is stored together with the lines of the audit log and the words that belong to it: all of it, or nothing."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.core.changes.audit import AuditEntry, AuditLine
from bot.core.changes.word import Word
from bot.store import audit, outbox
from bot.store.work import Work

T = TypeVar("T")
S = TypeVar("S")

Told = Sequence[S] | Callable[[Any], Sequence[S]]
"""What is told of some work, or a function of what the work comes to: until then somebody else may alter that."""


def recorded(
    work: Work[T | None],
    entries: Told[AuditEntry],
    words: Told[Word],
) -> Work[tuple[T | None, Sequence[AuditLine]]]:
    """The work, with these lines and words; without them if it comes to None, as nothing happened then."""
    value = yield from work
    if value is None:
        return None, ()
    lines = yield from audit.add(_of(entries, value))
    yield from outbox.add(_of(words, value))
    return value, lines


def nothing(_: object) -> tuple[()]:
    """Nothing is told of it."""
    return ()


def _of(told: Told[S], value: object) -> Sequence[S]:
    return told(value) if callable(told) else told
