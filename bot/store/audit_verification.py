"""Following the chain of the audit log from its first line to its last, a page at a time.

A page is a transaction of its own, so that the bot goes on writing, and removing what is old, meanwhile.
"""

import json
from dataclasses import replace
from typing import TypeAlias

from bot.core.changes.audit_chain import (
    Broken,
    Followed,
    Intact,
    LinePlace,
    Retained,
    StoredLine,
    follow,
)
from bot.store.audit import filed
from bot.store.work import Row, Value, Work, rows

PAGE = 2_000
"""Lines that are read at a time."""

_PAGE = """
    SELECT seq, at, gateway, name, body, previous, hash FROM audit WHERE seq > :seq ORDER BY seq LIMIT :limit
"""
# What retention removed behind a line; or what it removed, with that line, since it was read.
_REMOVED_AFTER = """
    SELECT last, hash FROM audit_removed WHERE previous = :head AND first > :seq ORDER BY first LIMIT 1
"""
_REMOVED_SINCE = """
    SELECT last, hash FROM audit_removed
    WHERE first <= :seq AND last > :seq AND hash IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM audit WHERE seq = :seq)
    ORDER BY first DESC LIMIT 1
"""
_RETAINED = "SELECT coalesce(sum(lines), 0), coalesce(max(until), '') FROM audit_removed"
_ENDS_WITH = "SELECT 1 FROM audit_removed WHERE hash = :hash"
# Only for a chain that is broken, so no index is kept for them.
_FOLLOWER = "SELECT seq, at FROM audit WHERE previous = :hash AND seq > :seq ORDER BY seq LIMIT 1"
_BEFORE = "SELECT seq, at FROM audit WHERE seq < :seq ORDER BY seq DESC LIMIT 1"
_OWNER = "SELECT seq, at FROM audit WHERE hash = :hash AND seq < :seq ORDER BY seq DESC LIMIT 1"
_NEXT = "SELECT seq, at FROM audit WHERE seq > :seq ORDER BY seq LIMIT 1"

Progress: TypeAlias = Followed | Intact | Broken


def begin(wanted: str) -> Work[Progress]:
    """Follow the first lines; `wanted` is the hash of a line to look for, or empty."""
    return (yield from go_on(Followed(wanted)))


def go_on(so_far: Followed) -> Work[Progress]:
    """Follow the next lines."""
    found = yield from rows(_PAGE, seq=so_far.last.number, limit=PAGE)
    for line in map(_line, found):
        if line.previous is not None and line.previous != so_far.head:
            so_far = yield from _past_removed(so_far, line.previous)
        followed = follow(so_far, line)
        if not isinstance(followed, Followed):
            here = LinePlace(line.number, line.at)
            if followed == "apart":
                return (yield from _apart(so_far, line, here))
            return Broken(followed, here, so_far.last, here, so_far.lines)
        so_far = followed
    if found:
        return so_far
    return (yield from _ended(so_far))


def _line(row: Row) -> StoredLine:
    number, at, gateway, name, text, previous, hashed = row
    found = {"at": at, "gateway": gateway, "name": name}
    return StoredLine(number, at, text, previous, hashed, filed=_filed(text) == found)


def _filed(text: str) -> dict[str, str] | None:
    """The columns by which a line with this text has to be found; None: it cannot be read."""
    try:
        fields = json.loads(text)
        return {"at": fields["at"], **filed(fields["gateway_id"])}
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _past_removed(so_far: Followed, wanted: str) -> Work[Followed]:
    """The same, past lines that retention removed, if that leads to the wanted hash."""
    head, number = so_far.head, so_far.last.number
    found = yield from rows(_REMOVED_SINCE, seq=number)
    while head != wanted:
        found = found or (yield from rows(_REMOVED_AFTER, head=head, seq=number))
        if not found:
            return so_far
        # The next one is further on, so this ends.
        ((number, head),) = found
        found = ()
    return replace(so_far, head=head, after=0 if head == so_far.wanted else so_far.after)


def _apart(so_far: Followed, line: StoredLine, here: LinePlace) -> Work[Broken]:
    """Why a line does not follow the one before it."""
    before, fit = so_far.last, so_far.lines
    follower = yield from _place(_FOLLOWER, hash=so_far.head, seq=line.number)
    if follower is not None:
        # Another line follows: this one, and all up to that one, were put in between.
        until = yield from _place(_BEFORE, seq=follower.number)
        return Broken("inserted", here, before, until or here, fit)
    owner = yield from _place(_OWNER, hash=line.previous, seq=before.number)
    if owner is not None:
        first = yield from _place(_NEXT, seq=owner.number)
        return Broken("inserted", first or before, owner, before, fit)
    if fit and line.number == before.number + 1:
        return Broken("rewritten", before, before, here, fit - 1)
    return Broken("removed", here, before, here, fit)


def _place(statement: str, **values: Value) -> Work[LinePlace | None]:
    found = yield from rows(statement, **values)
    return LinePlace(*found[0]) if found else None


def _ended(so_far: Followed) -> Work[Intact]:
    ((lines, until),) = yield from rows(_RETAINED)
    since = so_far.wanted and so_far.after is None
    gone = (yield from rows(_ENDS_WITH, hash=so_far.wanted)) if since else ()
    return Intact(so_far, Retained(int(lines), until), bool(gone))
