"""The PUT: read again right before it, compare, send it once, and take as Azure's answer only what Azure answered."""

from dataclasses import dataclass
from typing import Literal

from bot.aside import aside
from bot.core.arm import edit
from bot.core.arm.document import Document
from bot.core.arm.verification import Difference, differences, where
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import remark
from bot.core.problem import Problem
from bot.workflow.ledger import Ledger
from bot.workflow.ports import Accepted, Azure

LATER = frozenset({"throttled", "busy"})
"""Codes of a refusal that carried nothing out, and is over after a while."""

LOOK = frozenset({"lost", "etag_mismatch"})
"""Codes after which only the gateway itself tells whether the PUT was carried out."""

Kind = Literal["taken", "look", "later", "refused", "not_sent", "no_answer"]


@dataclass(frozen=True, slots=True)
class PutResult:
    """What came of it.

    `taken`: Azure accepted it. `look`: only the gateway can tell. `later`: nothing was carried out, and Azure asks to
    come back after `wait` seconds. `refused`: nothing was carried out, because of `why`. `not_sent`: the gateway is not
    as it was checked. `no_answer`: it could not be read before, or nobody could sign in, so nothing was sent.
    """

    kind: Kind
    accepted: Accepted | None = None
    why: Remark | None = None
    problem: Problem | None = None

    @property
    def code(self) -> str:
        """The problem's code, or nothing."""
        return self.problem.code if self.problem else ""

    @property
    def wait(self) -> float:
        """Seconds that Azure asks to wait."""
        return (self.problem.wait if self.problem else None) or 0.0


async def put_once(azure: Azure, ledger: Ledger) -> PutResult:
    """Send the change once, if the gateway is still exactly as it was checked.

    Raises:
        Problem: `lease_lost`: another life may work on the change by now, so nothing was sent.
    """
    change = ledger.change
    gateway_id, checked = change.plan.gateway_id, change.before or {}
    try:
        # Before the gateway is read: between that and the PUT there should be as little time as possible.
        await azure.get_ready_to_put()
        now = await azure.read(gateway_id)
    except Problem as problem:
        return PutResult("no_answer", problem=problem)
    found = await aside(_meddled, checked, now)
    if found is not None:
        return PutResult("not_sent", why=remark("changed_while_checked", where=found))
    planned = await aside(edit.apply, change.plan.edits, now)
    if not ledger.surely_ours():
        raise Problem("lease_lost", "Another replica of the bot may have taken this change over.")
    try:
        accepted = await azure.put(gateway_id, planned, str(now.get("etag") or ""), change.id)
    except Problem as problem:
        return _answered(problem)
    return PutResult("taken", accepted)


def _answered(problem: Problem) -> PutResult:
    if problem.code in LOOK:
        return PutResult("look", problem=problem)
    if problem.code in LATER:
        return PutResult("later", problem=problem)
    return PutResult("refused", why=remark("refused", said=str(problem)), problem=problem)


def _meddled(checked: Document, now: Document) -> str | None:
    """What somebody else did to the gateway since it was checked, in words."""
    found: tuple[Difference, ...] = differences(checked, now)
    if found:
        return where(found)
    return None if checked.get("etag") == now.get("etag") else "it has another etag"
