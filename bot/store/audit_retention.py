"""Old lines of the audit log go if the operator wants that, oldest first; what went is noted, so that the chain holds.

For a run of lines that went, `audit_removed` has how many they were, the time of the newest, the hash before them and
the last hash of theirs: the next line follows that one. The database removes a line only if it is noted there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, takewhile

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import ACTIVE, CHANGED
from bot.core.problem import Problem
from bot.store import clock
from bot.store.audit import serialised
from bot.store.changes import find
from bot.store.values import from_text, moment
from bot.store.work import Row, Work, count, rows

AT_ONCE = 200
"""Lines in one transaction, so that nobody who adds a line waits long for it."""

_PAGE = """
    SELECT seq, at, body, previous, hash FROM audit
    WHERE seq > :seq AND seq < (SELECT max(seq) FROM audit) ORDER BY seq LIMIT :limit
"""
# Directly behind lines that went before: no line stays between the two.
_MORE = """
    UPDATE audit_removed SET last = :last, lines = lines + :lines, until = :until,
        previous = coalesce(previous, :previous), hash = coalesce(:hash, hash)
    WHERE first = (SELECT max(first) FROM audit_removed WHERE first > :kept AND first < :first)
"""
_NOTE = """
    INSERT INTO audit_removed (first, last, lines, until, previous, hash)
    VALUES (:first, :last, :lines, :until, :previous, :hash)
"""
_REMOVE = "DELETE FROM audit WHERE seq BETWEEN :first AND :last"


@dataclass(frozen=True, slots=True)
class Came:
    """How far a round came: the last line that was looked at, the last one that stays, and how many went."""

    number: int = 0
    kept: int = 0
    removed: int = 0
    done: bool = False


def forget(older: timedelta, so_far: Came) -> Work[Came]:
    """Remove some of what is older than that, further on."""
    yield from serialised()
    before = moment((yield from clock.now()) - older)
    page = yield from rows(_PAGE, seq=so_far.number, limit=AT_ONCE)
    old = list(takewhile(lambda row: row[1] < before, page))
    needed: dict[str, bool] = {}
    for row in old:
        if (change := _change_of(row)) not in needed:
            needed[change] = yield from _needed(change)
    kept, removed = so_far.kept, so_far.removed
    for stays, run in groupby(old, lambda row: needed[_change_of(row)]):
        lines = list(run)
        if stays:
            kept = lines[-1][0]
        else:
            yield from _remove(lines, kept)
            removed += len(lines)
    return Came(page[-1][0] if page else so_far.number, kept, removed, len(old) < AT_ONCE)


_UNREADABLE = "?"


def _change_of(row: Row) -> str:
    """The id of the change that a line is about, or empty."""
    try:
        return from_text(row[2], AuditEntry).change
    except Problem:
        return _UNREADABLE


def _needed(change_id: str) -> Work[bool]:
    """Whether the lines of a change stay: it is open, it can still be undone, or nobody can tell."""
    if not change_id:
        return False
    try:
        change = yield from find(change_id)
        if change is None or change.state not in {"offered", *ACTIVE, *CHANGED}:
            return change_id == _UNREADABLE
        if change.state not in CHANGED:
            return True
        # There is no undo of an undo.
        if change.undoes is not None:
            return False
        undone = (yield from find(change.undone_by)) if change.undone_by else None
    except Problem:
        return True
    return undone is None or undone.state not in CHANGED


def _remove(run: Sequence[Row], kept: int) -> Work[None]:
    """Note that these lines go, and let them go. `kept`: the last line before them that stays."""
    first, last = run[0][0], run[-1][0]
    chained = [row for row in run if row[4] is not None]
    noted = {
        "first": first,
        "last": last,
        "lines": len(run),
        "until": max(row[1] for row in run),
        "previous": chained[0][3] if chained else None,
        "hash": chained[-1][4] if chained else None,
    }
    if not (yield from count(_MORE, kept=kept, **noted)):
        yield from count(_NOTE, **noted)
    yield from count(_REMOVE, first=first, last=last)
