"""What is forgotten after a while, so that a database does not grow for ever.

Changes are kept for good, and so is the audit log where nobody says otherwise (`audit_retention`). What a change was
made from is large, and is kept while the change is under way and for as long as the operator says. Undo needs none of
it: it is in the plan.
"""

from datetime import timedelta

from bot.store import clock
from bot.store.change_states import OPEN, UNDOABLE
from bot.store.deliveries import SEEN_FOR
from bot.store.documents import pack_old
from bot.store.values import moment
from bot.store.work import Work, count

AT_ONCE = 200
"""Rows of each table in one transaction, so that nobody waits long for it."""

PACKED_AT_ONCE = 20
"""The same for documents that are compressed first: of a gateway's 50 kB, 20 take a quarter of a second."""

_DAY = timedelta(days=1)

_DOCUMENTS = f"""
    DELETE FROM documents WHERE change IN (
        SELECT change FROM documents WHERE stored < {{now}} - :seconds AND NOT EXISTS (
            SELECT 1 FROM changes WHERE changes.id = documents.change AND changes.state IN ({OPEN})
        )
        ORDER BY stored LIMIT :limit
    )
"""
# A card that still offers something, be it undo, keeps what it shows.
_INCIDENTS = f"""
    DELETE FROM incidents WHERE id IN (
        SELECT id FROM incidents WHERE created < :before AND NOT EXISTS (
            SELECT 1 FROM changes WHERE changes.incident = incidents.id
            AND changes.state IN ({OPEN}, {UNDOABLE})
        )
        ORDER BY created LIMIT :limit
    )
"""
_WORDS = """
    DELETE FROM outbox WHERE seq IN (
        SELECT seq FROM outbox WHERE ended < {now} - :seconds ORDER BY ended LIMIT :limit
    )
"""
_DELIVERIES = """
    DELETE FROM seen WHERE key IN (
        SELECT key FROM seen WHERE at < :before ORDER BY at LIMIT :limit
    )
"""
# A fence may begin again when nobody who remembers an earlier one can still be at work.
_LEASES = """
    DELETE FROM leases WHERE key IN (
        SELECT key FROM leases WHERE ends < {now} - :seconds ORDER BY ends LIMIT :limit
    )
"""


def forget(older: timedelta) -> Work[int]:
    """Forget some of what is older than that; how much it was (0: nothing is left to forget)."""
    seconds = older.total_seconds()
    now = yield from clock.now()
    before, long_ago = moment(now - older), moment(now - SEEN_FOR - _DAY)
    done = yield from pack_old(PACKED_AT_ONCE)
    done += yield from count(_DOCUMENTS, seconds=seconds, limit=AT_ONCE)
    done += yield from count(_INCIDENTS, before=before, limit=AT_ONCE)
    done += yield from count(_DELIVERIES, before=long_ago, limit=AT_ONCE)
    done += yield from count(_WORDS, seconds=seconds, limit=AT_ONCE)
    return done + (yield from count(_LEASES, seconds=_DAY.total_seconds(), limit=AT_ONCE))
