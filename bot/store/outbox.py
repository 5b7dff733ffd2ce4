"""Words that somebody must learn, stored until they were said: in order, and each once."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.core.changes.lease import Lease
from bot.core.changes.word import Unsaid, Word
from bot.store import clock
from bot.store.leases import require
from bot.store.values import column, moment, words_parts
from bot.store.work import Row, Work, count, rows

# Words of one place are numbered in the order in which they are committed.
_SERIALISED = "SELECT {serialised}"
_ADD = """
    INSERT INTO outbox (key, place, kind, about, parts, tries, due, begun, ts, because)
    VALUES (:key, :place, :kind, :about, :parts, 0, :due, 0, '', '')
    ON CONFLICT (key) DO NOTHING
"""
_UNSAID = """
    SELECT seq, key, place, kind, about, parts, tries, due, begun FROM outbox
    WHERE ended IS NULL AND due <= :now AND NOT EXISTS (
        SELECT 1 FROM outbox earlier
        WHERE earlier.ended IS NULL AND earlier.place = outbox.place AND earlier.seq < outbox.seq
    )
    ORDER BY seq LIMIT :limit
"""
_COUNT = "SELECT count(*) FROM outbox WHERE ended IS NULL"
_BEGIN = "UPDATE outbox SET begun = 1, tries = tries + 1 WHERE seq = :seq AND ended IS NULL"
_SAID = "UPDATE outbox SET begun = 0, ended = {now}, ts = :ts WHERE seq = :seq AND ended IS NULL"
_PUT_OFF = """
    UPDATE outbox SET begun = 0, due = :due, because = :because
    WHERE seq = :seq AND ended IS NULL
"""
_GIVE_UP = """
    UPDATE outbox SET begun = 0, ended = {now}, because = :because
    WHERE seq = :seq AND ended IS NULL
"""
_AT_ONCE = "1970-01-01T00:00:00.000000+00:00"


def add(words: Sequence[Word]) -> Work[None]:
    """Store what is not stored yet."""
    for place in sorted({it.place for it in words}):
        yield from rows(_SERIALISED, what=f"outbox {column(place)}")
    for word in words:
        yield from count(
            _ADD,
            key=column(word.key),
            place=column(word.place),
            kind=word.kind,
            about=column(word.about),
            parts=json.dumps(dict(word.parts)),
            due=_AT_ONCE,
        )


def unsaid(limit: int, now: datetime | None) -> Work[tuple[Unsaid, ...]]:
    """Of each place the first word that is not said, if it is due; oldest first."""
    at = moment(now) if now is not None else moment((yield from clock.now()))
    found = yield from rows(_UNSAID, now=at, limit=limit)
    return tuple(map(_unsaid, found))


def unsaid_count() -> Work[int]:
    """How many are not said yet."""
    ((number,),) = yield from rows(_COUNT)
    return int(number)


def begin(seq: int, lease: Lease | None) -> Work[None]:
    """An attempt is under way."""
    yield from require(lease)
    yield from count(_BEGIN, seq=seq)


def said(seq: int, ts: str) -> Work[None]:
    """It was said."""
    yield from count(_SAID, seq=seq, ts=column(ts))


def put_off(seq: int, due: datetime, because: str) -> Work[None]:
    """It was not said; it will be tried again."""
    yield from count(_PUT_OFF, seq=seq, due=moment(due), because=column(because))


def give_up(seq: int, because: str) -> Work[None]:
    """It will never be said."""
    yield from count(_GIVE_UP, seq=seq, because=column(because))


def _unsaid(row: Row) -> Unsaid:
    seq, key, place, kind, about, parts, tries, due, begun = row
    word = Word(key, place, kind, about, words_parts(parts))
    return Unsaid(seq, word, tries, datetime.fromisoformat(due), bool(begun))
