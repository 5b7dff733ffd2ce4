"""Changes: added as offers, and moved on step by step."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.core.changes.change import Change, ChangeState
from bot.core.changes.lease import Lease
from bot.store.documents import set_document, with_document
from bot.store.leases import require
from bot.store.values import change_from_text, change_to_text, column, moment
from bot.store.work import Work, count, rows

_ADD = """
    INSERT INTO changes (id, gateway, state, created, expires, incident, packed, body)
    VALUES (:id, :gateway, 'offered', :created, :expires, :incident, 1, :body)
"""
_FIND = "SELECT state, body FROM changes WHERE id = :id"
_HOLD = f"{_FIND} {{for_update}}"
_SET = """
    UPDATE changes SET state = :state, incident = :incident, packed = 1, body = :body
    WHERE id = :id
"""


def add(change: Change) -> Work[Change]:
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
    return change


def find(change_id: str) -> Work[Change | None]:
    """One by its id, with its document."""
    found = yield from rows(_FIND, id=column(change_id))
    if not found:
        return None
    ((state, body),) = found
    return (yield from with_document(change_from_text(state, body)))


def advance(
    change_id: str,
    before: ChangeState,
    after: ChangeState,
    fields: Mapping[str, Any],
    lease: Lease | None,
) -> Work[Change | None]:
    """Move it, if it is in `before`."""
    yield from require(lease)
    change = yield from _hold(change_id)
    if change is None or change.state != before:
        return None
    moved = replace(change, state=after, **fields)
    yield from _set(moved)
    if "before" in fields:
        yield from set_document(moved)
    return moved


def amend(
    change_id: str, fields: Callable[[Change], Mapping[str, Any] | None]
) -> Work[Change | None]:
    """Set fields other than its state, made of it as it is; None if it is gone, or none are to be set."""
    change = yield from _hold(change_id)
    if change is None:
        return None
    found = fields(change)
    if found is None:
        return None
    amended = replace(change, **found)
    yield from _set(amended)
    return amended


def _hold(change_id: str) -> Work[Change | None]:
    """One by its id, with its document, kept as it is until the transaction ends."""
    found = yield from rows(_HOLD, id=column(change_id))
    if not found:
        return None
    ((state, body),) = found
    stored = change_from_text(state, body)
    change = yield from with_document(stored)
    if stored.before is not None:
        # The body is written anew without it.
        yield from set_document(change)
    return change


def _set(change: Change) -> Work[None]:
    yield from count(
        _SET,
        id=column(change.id),
        state=change.state,
        incident=column(change.card.incident),
        body=change_to_text(change),
    )
