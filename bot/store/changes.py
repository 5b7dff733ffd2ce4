"""Changes: how far each has come, found by gateway, card, state and end.

The document that a change was applied to is large, so it lies in a table of its own: a list does without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import ACTIVE, NEXT, Change, ChangeState
from bot.core.changes.lease import Lease
from bot.core.changes.word import Word
from bot.store import audit, outbox
from bot.store.leases import require
from bot.store.values import change_from_text, change_to_text, column, moment, pack, unpack
from bot.store.work import Row, Value, Work, count, rows

_ALL = 2**62
"""More than any table holds: a list without a limit."""

# In the very words of the indexes: SQLite compares texts to see that one may be used (sqlite.org/partialindex.html).
_ACTIVE = ", ".join(f"'{it}'" for it in NEXT if it in ACTIVE)
OPEN = f"'offered', {_ACTIVE}"

_ADD = """
    INSERT INTO changes (id, gateway, state, created, expires, incident, packed, body)
    VALUES (:id, :gateway, 'offered', :created, :expires, :incident, 1, :body)
"""
_FIND = "SELECT state, body FROM changes WHERE id = :id"
_HOLD = f"{_FIND} {{for_update}}"
_DOCUMENT = "SELECT body FROM documents WHERE change = :id"
_KEEP_DOCUMENT = """
    INSERT INTO documents (change, stored, body) VALUES (:id, {now}, :body)
    ON CONFLICT (change) DO UPDATE SET stored = excluded.stored, body = excluded.body
"""
_FORGET_DOCUMENT = "DELETE FROM documents WHERE change = :id"
_SET = """
    UPDATE changes SET state = :state, incident = :incident, packed = 1, body = :body
    WHERE id = :id
"""

_NEWEST = "ORDER BY created DESC, seq DESC LIMIT :limit"
_OLDEST = "ORDER BY created, seq LIMIT :limit"
_EVERY = f"SELECT state, body FROM changes {_NEWEST}"
_OF_GATEWAY = f"SELECT state, body FROM changes WHERE gateway = :gateway {_NEWEST}"
_COUNT = "SELECT count(*) FROM changes"
_COUNT_OF_GATEWAY = "SELECT count(*) FROM changes WHERE gateway = :gateway"
_EVERY_OPEN = f"SELECT state, body FROM changes WHERE state IN ({OPEN}) {_NEWEST}"
_OPEN_OF_GATEWAY = f"""
    SELECT state, body FROM changes WHERE gateway = :gateway AND state IN ({OPEN}) {_NEWEST}
"""
_OF_CARD = f"SELECT state, body FROM changes WHERE incident = :incident {_OLDEST}"
_EXPIRED = """
    SELECT state, body FROM changes WHERE state = 'offered' AND expires < :now
    ORDER BY expires LIMIT :limit
"""
_UNDER_WAY = f"SELECT state, body FROM changes WHERE state IN ({_ACTIVE}) {_OLDEST}"
_NOT_PACKED = f"""
    SELECT id, created, state, body FROM changes
    WHERE packed IS NULL AND state NOT IN ({OPEN}) ORDER BY seq LIMIT :limit
"""
_PACKED = "UPDATE changes SET packed = 1, body = :body WHERE id = :id"
_KEEP_OLD_DOCUMENT = """
    INSERT INTO documents (change, stored, body) VALUES (:id, :stored, :body)
    ON CONFLICT (change) DO NOTHING
"""
_FREE = f"""
    SELECT state, body FROM changes
    WHERE state IN ({_ACTIVE}) AND NOT EXISTS (
        SELECT 1 FROM leases WHERE leases.key = 'change:' || changes.id AND leases.ends >= {{now}}
    )
    {_OLDEST}
"""


def add(change: Change, entries: Sequence[AuditEntry], words: Sequence[Word]) -> Work[None]:
    """Insert an offer."""
    yield from count(
        _ADD,
        id=column(change.id),
        gateway=column(change.plan.gateway_id.lower()),
        created=moment(change.created),
        expires=moment(change.expires),
        incident=column(change.card.incident),
        body=change_to_text(change),
    )
    yield from audit.add(entries)
    yield from outbox.add(words)


def find(change_id: str) -> Work[Change | None]:
    """One by its id, with its document."""
    return (yield from _find(change_id))


def advance(
    change_id: str,
    before: ChangeState,
    after: ChangeState,
    fields: Mapping[str, Any],
    lease: Lease | None,
    entries: Sequence[AuditEntry],
    words: Sequence[Word],
) -> Work[Change | None]:
    """Move it, if it is in `before`."""
    yield from require(lease)
    change = yield from _hold(change_id)
    if change is None or change.state != before:
        return None
    moved = replace(change, state=after, **fields)
    yield from _set(moved)
    if "before" in fields:
        yield from _set_document(moved)
    yield from audit.add(entries)
    yield from outbox.add(words)
    return moved


def note(change_id: str, fields: Mapping[str, Any]) -> Work[Change]:
    """Set fields other than its state.

    Raises:
        LookupError: there is no such change.
    """
    change = yield from _hold(change_id)
    if change is None:
        raise LookupError(f"no change {change_id}")
    noted = replace(change, **fields)
    yield from _set(noted)
    return noted


def newest(gateway_id: str | None, limit: int | None) -> Work[tuple[Change, ...]]:
    """All, or those of one gateway; newest first."""
    return (yield from _listed(_EVERY, _OF_GATEWAY, gateway_id, limit))


def open_ones(gateway_id: str | None, limit: int | None) -> Work[tuple[Change, ...]]:
    """The same, if offered or under way."""
    return (yield from _listed(_EVERY_OPEN, _OPEN_OF_GATEWAY, gateway_id, limit))


def number(gateway_id: str | None) -> Work[int]:
    """How many there are."""
    if gateway_id is None:
        ((found,),) = yield from rows(_COUNT)
    else:
        ((found,),) = yield from rows(_COUNT_OF_GATEWAY, gateway=column(gateway_id.lower()))
    return int(found)


def of_card(incident_id: str) -> Work[tuple[Change, ...]]:
    """Those of one card, oldest first."""
    return (yield from _changes(_OF_CARD, incident=column(incident_id), limit=_ALL))


def expired(now: datetime, limit: int) -> Work[tuple[Change, ...]]:
    """Offers past their end."""
    return (yield from _changes(_EXPIRED, now=moment(now), limit=limit))


def under_way() -> Work[tuple[Change, ...]]:
    """Those in an active state, oldest first."""
    return (yield from _changes(_UNDER_WAY, limit=_ALL))


def free(limit: int) -> Work[tuple[Change, ...]]:
    """Those of them that nobody works on."""
    return (yield from _changes(_FREE, limit=limit))


def pack_old(limit: int) -> Work[int]:
    """Move the documents that the first schema left in the bodies of ended changes; how many changes that were."""
    found = yield from rows(_NOT_PACKED, limit=limit)
    for change_id, created, state, body in found:
        change = change_from_text(state, body)
        yield from count(_PACKED, id=change_id, body=change_to_text(change))
        if change.before is not None:
            stored = datetime.fromisoformat(created).timestamp()
            packed = pack(change.before)
            yield from count(_KEEP_OLD_DOCUMENT, id=change_id, stored=stored, body=packed)
    return len(found)


def _listed(
    every: str, of_gateway: str, gateway_id: str | None, limit: int | None
) -> Work[tuple[Change, ...]]:
    most = _ALL if limit is None else limit
    if gateway_id is None:
        return (yield from _changes(every, limit=most))
    return (yield from _changes(of_gateway, gateway=column(gateway_id.lower()), limit=most))


def _changes(text: str, **values: Value) -> Work[tuple[Change, ...]]:
    found: Sequence[Row] = yield from rows(text, **values)
    return tuple(replace(change_from_text(state, body), before=None) for state, body in found)


def _find(change_id: str) -> Work[Change | None]:
    found = yield from rows(_FIND, id=column(change_id))
    if not found:
        return None
    ((state, body),) = found
    return (yield from _with_document(change_from_text(state, body)))


def _hold(change_id: str) -> Work[Change | None]:
    """The same, kept as it is until the transaction ends."""
    found = yield from rows(_HOLD, id=column(change_id))
    if not found:
        return None
    ((state, body),) = found
    stored = change_from_text(state, body)
    change = yield from _with_document(stored)
    if stored.before is not None:
        # The body is written anew without it.
        yield from _set_document(change)
    return change


def _with_document(change: Change) -> Work[Change]:
    """The version before left it in the body, and so may a replica of it that still runs."""
    found = yield from rows(_DOCUMENT, id=column(change.id))
    return replace(change, before=unpack(found[0][0])) if found else change


def _set(change: Change) -> Work[None]:
    yield from count(
        _SET,
        id=column(change.id),
        state=change.state,
        incident=column(change.card.incident),
        body=change_to_text(change),
    )


def _set_document(change: Change) -> Work[None]:
    if change.before is None:
        yield from count(_FORGET_DOCUMENT, id=column(change.id))
    else:
        yield from count(_KEEP_DOCUMENT, id=column(change.id), body=pack(change.before))
