"""The life of a change, as one table, and the record that survives a crash at any point of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.arm.document import Document
from bot.core.changes.plan import Plan
from bot.core.changes.remark import Remark

ChangeState = Literal[
    "offered",
    "rejected",
    "withdrawn",
    "expired",
    "approved",
    "writing",
    "written",
    "verifying",
    "healthy",
    "not_healthy",
    "refused",
    "failed",
]

NEXT: dict[ChangeState, frozenset[ChangeState]] = {
    # Rejected by who may approve, or withdrawn by who had asked for it.
    "offered": frozenset({"approved", "rejected", "withdrawn", "expired"}),
    # Approved: the intent is stored. Nothing was sent; a look may still refuse it, and a person may cancel it.
    "approved": frozenset({"writing", "refused", "failed"}),
    # Writing: the PUT may or may not have left. Only the life that stored this sends it; any other one looks. Back to
    # approved: Azure said that it carried nothing out, and asked to come back later.
    "writing": frozenset({"approved", "written", "refused", "failed", "not_healthy"}),
    # Written: Azure has taken the PUT; its operation runs or has ended.
    "written": frozenset({"verifying", "failed", "not_healthy"}),
    # Verifying: read back and found as planned; now the backends must turn healthy. Failed: somebody took it back.
    "verifying": frozenset({"healthy", "not_healthy", "failed"}),
    "rejected": frozenset(),
    "withdrawn": frozenset(),
    "expired": frozenset(),
    "healthy": frozenset(),
    "not_healthy": frozenset(),
    "refused": frozenset(),
    "failed": frozenset(),
}

ACTIVE: frozenset[ChangeState] = frozenset({"approved", "writing", "written", "verifying"})
"""A gateway may have one change in these states at a time; a restart goes on with them."""

CHANGED: frozenset[ChangeState] = frozenset({"healthy", "not_healthy"})
"""The ends in which the gateway holds the change, or may hold it, so that it can be undone."""


def may_move(before: ChangeState, after: ChangeState) -> bool:
    """Whether the table allows the step."""
    return after in NEXT[before]


@dataclass(frozen=True, slots=True)
class Person:
    """Who did something: ids, never display names."""

    team: str
    user: str


@dataclass(frozen=True, slots=True)
class Card:
    """Where a change is shown; all empty for a change that nobody watches in a chat."""

    channel: str = ""
    ts: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """An approval that `by`, who may not approve, asked for: in which channel; `ts` once it stands there."""

    by: Person
    channel: str
    ts: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One planned change and how far it has come. `undoes` names the change that this one takes back.

    `before` is the gateway's document that the plan was applied to, kept for reading back. `shown` is the text
    that the approver saw. `correlation` is ARM's x-ms-correlation-request-id. `life` is the life of the bot that
    intended to send the PUT, at the time `sent`; `ended`: when its end was seen. `closed_by` cancelled it.
    `superseded_by` names the change after which an offer no longer fitted its gateway, so that it was closed.
    `remarks` say how it ended, or what was seen on the way; `outcome` is the text that was kept instead of them before.
    `reason` is what the approver gave as one. `sought`: its approval was asked for elsewhere.
    """

    id: str
    plan: Plan
    state: ChangeState
    requested_by: Person
    created: datetime
    expires: datetime
    card: Card = Card()
    undoes: str | None = None
    approved_by: Person | None = None
    decided: datetime | None = None
    shown: str = ""
    before: Document | None = None
    operation_url: str | None = None
    after_etag: str | None = None
    correlation: str | None = None
    outcome: str = ""
    undone_by: str | None = None
    superseded_by: str | None = None
    life: str | None = None
    sent: datetime | None = None
    ended: datetime | None = None
    closed_by: Person | None = None
    remarks: tuple[Remark, ...] = ()
    reason: str = ""
    sought: Sought | None = None
