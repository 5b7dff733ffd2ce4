"""The audit log: lines are added, each with a hash over itself and the line before it, and never changed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from bot.core.changes.audit import AuditEntry
from bot.store.values import column, moment, to_text
from bot.store.work import Row, Work, count, rows

PAGE = 500
"""Lines that are read at a time."""

# The order of the lines is the order in which they are committed, so only one transaction adds lines at a time.
_SERIALISED = "SELECT {serialised}"
_LAST = "SELECT hash FROM audit WHERE hash IS NOT NULL ORDER BY seq DESC LIMIT 1"
_ADD = """
    INSERT INTO audit (at, gateway, name, body, previous, hash)
    VALUES (:at, :gateway, :name, :body, :previous, :hash)
"""
_PAGE = """
    SELECT at, seq, body FROM audit
    WHERE (at, seq) > (:at, :seq) {which}
    ORDER BY at, seq LIMIT :limit
"""
_EVERY = _PAGE.replace("{which}", "")
_OF_GATEWAY = _PAGE.replace("{which}", "AND gateway = :gateway")
_OF_NAME = _PAGE.replace("{which}", "AND name = :gateway")

Place = tuple[str, int]
"""How far the log has been read: time and number of a line."""


def add(entries: Sequence[AuditEntry]) -> Work[None]:
    """Append lines."""
    if not entries:
        return
    yield from rows(_SERIALISED, what="audit")
    last = yield from rows(_LAST)
    previous = last[0][0] if last else ""
    for entry in entries:
        gateway = column(entry.gateway_id.lower())
        body = to_text(entry)
        hashed = hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()
        yield from count(
            _ADD,
            at=moment(entry.at),
            gateway=gateway,
            name=gateway.rpartition("/")[2],
            body=body,
            previous=previous,
            hash=hashed,
        )
        previous = hashed


def start(since: datetime | None) -> Place:
    """The place before the first line since then."""
    return (moment(since) if since is not None else "", -1)


def page(gateway: str | None, after: Place) -> Work[Sequence[Row]]:
    """The next lines: time, number and text. `gateway` is a resource id or a bare name, in any case."""
    at, seq = after
    if gateway is None:
        return (yield from rows(_EVERY, at=at, seq=seq, limit=PAGE))
    which = _OF_GATEWAY if "/" in gateway else _OF_NAME
    wanted = column(gateway.lower())
    return (yield from rows(which, at=at, seq=seq, limit=PAGE, gateway=wanted))
