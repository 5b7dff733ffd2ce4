"""Leases: who works on what, by the database's clock.

A fence never goes back while anybody might remember an earlier one, so work that an earlier holder still has under way
is told from the newest holder's.
"""

from bot.core.changes.lease import Lease
from bot.core.problem import Problem
from bot.store.work import Statement, Value, Work, count, rows

_TAKE = """
    INSERT INTO leases (key, holder, fence, ends) VALUES (:key, :holder, 1, {now} + :seconds)
    ON CONFLICT (key) DO UPDATE
    SET holder = excluded.holder, fence = leases.fence + 1, ends = excluded.ends
    WHERE leases.ends < {now}
"""
_FENCE = "SELECT fence FROM leases WHERE key = :key"
# Also one that has run out, as long as nobody else has taken it: then nobody else has worked on it.
_KEEP = """
    UPDATE leases SET ends = {now} + :seconds
    WHERE key = :key AND holder = :holder AND fence = :fence
"""
_LET_GO = """
    UPDATE leases SET ends = 0, holder = ''
    WHERE key = :key AND holder = :holder AND fence = :fence
"""
_HELD = """
    SELECT 1 FROM leases
    WHERE key = :key AND holder = :holder AND fence = :fence AND ends >= {now} {for_update}
"""


def take(key: str, holder: str, seconds: float) -> Work[Lease | None]:
    """Take it, if nobody holds it."""
    taken = yield from count(_TAKE, key=key, holder=holder, seconds=seconds)
    if not taken:
        return None
    ((fence,),) = yield from rows(_FENCE, key=key)
    return Lease(key, holder, fence)


def keep(lease: Lease, seconds: float) -> Work[bool]:
    """Prolong it, if nobody else has taken it."""
    kept = yield _about(_KEEP, lease, seconds=seconds)
    return kept.count == 1


def let_go(lease: Lease) -> Work[None]:
    """End it, if it is still this one."""
    yield _about(_LET_GO, lease)


def require(lease: Lease | None) -> Work[None]:
    """Make sure that it lasts until this transaction ends.

    Raises:
        Problem: `lease_lost`.
    """
    if lease is None:
        return
    held = yield _about(_HELD, lease)
    if not held.rows:
        raise Problem(
            "lease_lost",
            "Another replica of the bot has taken this over, because this one was out of touch for too long.",
            "Nothing needs to be done: the other one goes on with it.",
        )


def _about(text: str, lease: Lease, **values: Value) -> Statement:
    named: dict[str, Value] = {"key": lease.key, "holder": lease.holder, "fence": lease.fence}
    return Statement(text, {**values, **named})
