"""The audit log: lines are added, each with a hash over itself and the line before it, and never changed."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.changes.audit import AuditEntry, AuditLine
from bot.core.changes.audit_chain import AuditHead, LinePlace, line_hash
from bot.store.values import column, moment, to_text
from bot.store.work import Row, Value, Work, rows

PAGE = 500
"""Lines that are read at a time."""

# The order of the lines is the order in which they are committed, so only one transaction adds lines at a time.
_SERIALISED = "SELECT {serialised}"
# Retention never removes the newest line.
_LAST = "SELECT seq, at, hash FROM audit WHERE hash IS NOT NULL ORDER BY seq DESC LIMIT 1"
_ADD = """
    INSERT INTO audit (at, gateway, name, body, previous, hash)
    VALUES (:at, :gateway, :name, :body, :previous, :hash) RETURNING seq
"""
_PAGE = """
    SELECT at, seq, body, previous, hash FROM audit
    WHERE (at, seq) > (:at, :seq) {which}
    ORDER BY at, seq LIMIT :limit
"""
_EVERY = _PAGE.replace("{which}", "")
_OF_GATEWAY = _PAGE.replace("{which}", "AND gateway = :gateway")
_OF_NAME = _PAGE.replace("{which}", "AND name = :gateway")


def serialised() -> Work[None]:
    """Wait until no other transaction adds lines or removes any."""
    yield from rows(_SERIALISED, what="audit")


def add(entries: Sequence[AuditEntry]) -> Work[tuple[AuditLine, ...]]:
    """Append lines."""
    if not entries:
        return ()
    yield from serialised()
    last = yield from head()
    previous = last.hash if last else ""
    added: list[AuditLine] = []
    for entry in entries:
        body = to_text(entry)
        hashed = line_hash(previous, body)
        found = filed(entry.gateway_id)
        ((number,),) = yield from rows(
            _ADD, at=moment(entry.at), body=body, previous=previous, hash=hashed, **found
        )
        added.append(AuditLine(entry, number, body, previous, hashed))
        previous = hashed
    return tuple(added)


def filed(gateway_id: str) -> dict[str, str]:
    """The columns by which the lines of a gateway are found."""
    gateway = column(gateway_id.lower())
    return {"gateway": gateway, "name": gateway.rpartition("/")[2]}


def head() -> Work[AuditHead | None]:
    """The newest line that has a hash."""
    found = yield from rows(_LAST)
    if not found:
        return None
    ((number, at, hashed),) = found
    return AuditHead(LinePlace(number, at), hashed)


def start(since: datetime | None) -> LinePlace:
    """The place before the first line since then."""
    return LinePlace(-1, moment(since) if since is not None else "")


def page(gateway: str | None, after: LinePlace) -> Work[Sequence[Row]]:
    """The next lines: time, number, text, previous and own hash. `gateway` is a resource id or a bare name, in any
    case."""
    place: dict[str, Value] = {"at": after.at, "seq": after.number, "limit": PAGE}
    if gateway is None:
        return (yield from rows(_EVERY, **place))
    which = _OF_GATEWAY if "/" in gateway else _OF_NAME
    return (yield from rows(which, **place, gateway=column(gateway.lower())))
