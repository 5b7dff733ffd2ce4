"""Gateways' documents that changes were applied to: large, compressed, and in a table of their own.

The first schema had them in the bodies of the changes.
"""

from dataclasses import replace
from datetime import datetime

from bot.core.changes.change import Change
from bot.core.problem import Problem
from bot.store.change_states import OPEN
from bot.store.values import change_from_text, change_to_text, column, pack, unpack
from bot.store.work import Work, count, rows

_DOCUMENT = "SELECT body FROM documents WHERE change = :id"
_KEEP_DOCUMENT = """
    INSERT INTO documents (change, stored, body) VALUES (:id, {now}, :body)
    ON CONFLICT (change) DO UPDATE SET stored = excluded.stored, body = excluded.body
"""
_FORGET_DOCUMENT = "DELETE FROM documents WHERE change = :id"
_NOT_PACKED = f"""
    SELECT id, created, state, body FROM changes
    WHERE packed IS NULL AND state NOT IN ({OPEN}) ORDER BY seq LIMIT :limit
"""
_PACKED = "UPDATE changes SET packed = 1, body = :body WHERE id = :id"
_KEEP_OLD_DOCUMENT = """
    INSERT INTO documents (change, stored, body) VALUES (:id, :stored, :body)
    ON CONFLICT (change) DO NOTHING
"""


def with_document(change: Change) -> Work[Change]:
    """The version before left it in the body, and so may a replica of it that still runs."""
    found = yield from rows(_DOCUMENT, id=column(change.id))
    return replace(change, before=unpack(found[0][0])) if found else change


def set_document(change: Change) -> Work[None]:
    """Store the document that the change has, or forget the one that it had."""
    if change.before is None:
        yield from count(_FORGET_DOCUMENT, id=column(change.id))
    else:
        yield from count(_KEEP_DOCUMENT, id=column(change.id), body=pack(change.before))


def pack_old(limit: int) -> Work[int]:
    """Move the documents that the first schema left in the bodies of ended changes; how many changes that were."""
    found = yield from rows(_NOT_PACKED, limit=limit)
    for change_id, created, state, body in found:
        try:
            change = change_from_text(state, body)
        except Problem:
            # Whoever asks for it is told; nothing else waits for that.
            yield from count(_PACKED, id=change_id, body=body)
            continue
        yield from count(_PACKED, id=change_id, body=change_to_text(change))
        if change.before is not None:
            stored = datetime.fromisoformat(created).timestamp()
            packed = pack(change.before)
            yield from count(_KEEP_OLD_DOCUMENT, id=change_id, stored=stored, body=packed)
    return len(found)
