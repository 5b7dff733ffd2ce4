"""From the approval to the stored intent: wait until the gateway can be changed, check it, and never past the end.

Nothing was sent here, so everything that ends here is said as what it is: nothing was changed.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.core.arm.document import Document
from bot.core.arm.provisioning import is_busy
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import remark
from bot.core.problem import Problem
from bot.workflow.journal import Journal
from bot.workflow.ledger import Ledger
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure
from bot.workflow.preflight import Preflight
from bot.workflow.progress import Step, Watch

PASSING = frozenset({"unreachable", "throttled", "azure_failed", "busy", "unreadable", "conflict"})
"""Codes of what may be over in a minute; everything else ends the change."""


class Preparer:
    """Takes a change from `approved` to `writing`, or to an end."""

    def __init__(
        self,
        azure: Azure,
        preflight: Preflight,
        policy: Policy,
        journal: Journal,
        clock: Callable[[], datetime],
        life: str,
    ) -> None:
        self._azure = azure
        self._preflight = preflight
        self._policy = policy
        self._journal = journal
        self._clock = clock
        self._life = life

    async def prepare(self, ledger: Ledger, watch: Watch) -> bool:
        """Wait until the gateway can be changed, and check it; whether the intent is stored. Raises as the ledger."""
        watch(Step("backend", "Checking gateway and backend again", "running"))
        held_up, busy = remark("approval_over", minutes=self._minutes), False
        wait = self._policy.operation_least
        while True:
            await asyncio.sleep(ledger.wait)
            ledger.wait = wait = min(2 * wait, self._policy.operation_longest)
            change = await ledger.refresh()
            if self._is_over(ledger):
                return await self._close(ledger, watch, held_up)
            try:
                document = await self._azure.read(change.plan.gateway_id)
                if not is_busy(document):
                    return await self._decide(ledger, watch, document, waited=busy)
            except Problem as problem:
                if problem.code not in PASSING:
                    return await self._close(ledger, watch, remark("unreadable", said=str(problem)))
                ledger.wait = max(wait, problem.wait or 0.0)
                held_up = remark(
                    "approval_over_unreachable", minutes=self._minutes, said=str(problem)
                )
                watch(Step("backend", f"{problem} Asking again in {ledger.wait:.0f} s", "running"))
            else:
                busy = True
                held_up = remark("approval_over_updating", minutes=self._minutes)
                text = "Another operation is updating the gateway; waiting for its end"
                watch(Step("backend", text, "running"))

    def _is_over(self, ledger: Ledger) -> bool:
        """Whether the approval has run out."""
        decided = ledger.change.decided or ledger.change.created
        return self._clock() > decided + self._policy.approval_holds

    async def _close(self, ledger: Ledger, watch: Watch, why: Remark) -> bool:
        """End a change of which nothing was sent."""
        watch(Step("backend", "Not sent to Azure", "failed"))
        entry = self._journal.entry("refused", ledger.change, code=why.code, **why.parts)
        await ledger.move("refused", (entry,), remarks=(why,))
        return False

    async def _decide(
        self, ledger: Ledger, watch: Watch, document: Document, *, waited: bool
    ) -> bool:
        change = ledger.change
        objection = await self._preflight.objection(
            change.plan, document, undoing=change.undoes is not None, waited=waited
        )
        if objection is not None:
            return await self._close(ledger, watch, objection)
        if self._is_over(ledger):
            return await self._close(ledger, watch, remark("approval_over", minutes=self._minutes))
        watch(Step("backend", "Gateway and backend are as they were shown", "done"))
        etag = str(document.get("etag") or "")
        entry = self._journal.entry("put_intended", change, etag=etag, digest=change.plan.digest)
        await ledger.move("writing", (entry,), before=document, life=self._life, sent=self._clock())
        return True

    @property
    def _minutes(self) -> str:
        return f"{self._policy.approval_holds.total_seconds() / 60:.0f}"
