"""Carrying out an approved change so that a kill at any moment loses nothing and repeats nothing.

The order, and why it is safe:

1. approved: the intent is stored. Check again: the gateway must be exactly as it was shown (etag), running, with no
   other operation under way, and the backend must still serve the approved certificate. If not, refuse; nothing was
   sent.
2. writing: stored *before* the PUT is sent, with the document it is made from. From here on it is uncertain whether
   Azure received it, so after a kill, a lost response or a 412 the gateway is read first: if it holds the edits, our
   PUT succeeded; if its etag is unchanged, the PUT never arrived; otherwise somebody else was faster.
3. written: stored with the operation's URL *after* Azure accepted it. Wait for the operation, read back, compare.
4. verifying: backend health, for a few probe intervals; then another diagnosis decides how it ended.

The PUT carries If-Match, so even if it were sent twice, only one could succeed.
"""

import asyncio
from typing import Any

from bot.core.arm import edit
from bot.core.arm.document import Document
from bot.core.arm.verification import differences
from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change, ChangeState
from bot.core.changes.words import words_of
from bot.core.problem import Problem
from bot.workflow.health_verification import HealthVerifier
from bot.workflow.journal import Journal
from bot.workflow.policy import Policy
from bot.workflow.ports import Accepted, Azure, OperationState, Store
from bot.workflow.preflight import Preflight
from bot.workflow.progress import Step, Watch

LOOKS_AFTER_LOSS = 3
"""How often the gateway is read after a lost response before the PUT counts as never arrived."""


class Applier:
    """Drives one change from any active state to its end."""

    def __init__(
        self,
        azure: Azure,
        store: Store,
        preflight: Preflight,
        prover: HealthVerifier,
        policy: Policy,
        journal: Journal,
    ) -> None:
        self._azure = azure
        self._store = store
        self._preflight = preflight
        self._prover = prover
        self._policy = policy
        self._journal = journal

    async def carry_out(self, change: Change, watch: Watch) -> Change:
        """Continue from the change's current state to an end state. Idempotent.

        Raises:
            Problem: the store failed, or Azure cannot be queried; the change stays active, to be resumed later.
        """
        # A change found in `writing` at the start may have been sent by an earlier process.
        sent_before = change.state == "writing"
        while True:
            match change.state:
                case "approved":
                    change = await self._prepare(change, watch)
                case "writing":
                    change = await self._write(change, watch, look_first=sent_before)
                case "written":
                    change = await self._await_operation(change, watch)
                case "verifying":
                    return await self._prover.prove(change, watch)
                case _:
                    return change

    async def _prepare(self, change: Change, watch: Watch) -> Change:
        watch(Step("backend", "Checking gateway and backend again", "running"))
        document = await self._azure.read(change.plan.gateway_id)
        objection = await self._preflight.objection(
            change.plan, document, undoing=change.undoes is not None
        )
        if objection is not None:
            watch(Step("backend", "The gateway or a backend differs from what was shown", "failed"))
            return await self._end(change, "refused", f"Nothing was changed: {objection}")
        watch(Step("backend", "Gateway and backend are as they were shown", "done"))
        return await self._advance(change, "writing", before=document)

    async def _write(self, change: Change, watch: Watch, *, look_first: bool) -> Change:
        watch(Step("write", "Writing the gateway", "running"))
        if look_first:
            arrived = await self._arrived(change, looks=1)
            if arrived is not False:
                return await self._after_look(change, watch, arrived)
        try:
            accepted = await self._put(change)
        except Problem as problem:
            if problem.code in ("lost", "etag_mismatch"):
                return await self._after_look(
                    change,
                    watch,
                    await self._arrived(change, LOOKS_AFTER_LOSS),
                    problem,
                )
            watch(Step("write", "Azure did not accept the change", "failed"))
            return await self._end(change, "failed", f"Nothing was changed. {problem}")
        watch(Step("write", "Azure accepted the change", "done"))
        return await self._advance(
            change,
            "written",
            operation_url=accepted.operation_url,
            correlation=accepted.correlation,
        )

    async def _put(self, change: Change) -> Accepted:
        plan = change.plan
        await self._journal.write("put_sent", change, etag=plan.etag, digest=plan.digest)
        planned = edit.apply(plan.edits, _before(change))
        accepted = await self._azure.put(plan.gateway_id, planned, plan.etag, change.id)
        await self._journal.write("put_answered", change, correlation=accepted.correlation or "")
        return accepted

    async def _arrived(self, change: Change, looks: int) -> bool | None:
        """True: the gateway holds the edits. False: untouched since. None: somebody else changed it."""
        for look in range(looks):
            if look:
                await asyncio.sleep(self._policy.operation_least)
            document = await self._azure.read(change.plan.gateway_id)
            if edit.holds(change.plan.edits, document):
                return True
            if document.get("etag") != change.plan.etag:
                return None
        return False

    async def _after_look(
        self,
        change: Change,
        watch: Watch,
        arrived: bool | None,
        problem: Problem | None = None,
    ) -> Change:
        if arrived:
            watch(Step("write", "Azure has the change", "done"))
            await self._journal.write("put_found", change)
            return await self._advance(change, "written")
        watch(Step("write", "The change did not arrive", "failed"))
        if arrived is None:
            return await self._end(
                change,
                "failed",
                "This approval changed nothing: somebody else changed the gateway at the same time."
                " Diagnose again.",
            )
        said = f" {problem}" if problem else ""
        return await self._end(
            change,
            "failed",
            f"Nothing was changed: Azure did not carry it out.{said} Diagnose again.",
        )

    async def _await_operation(self, change: Change, watch: Watch) -> Change:
        watch(Step("azure", "Waiting for Azure to roll it out", "running"))
        state = await self._operation(change)
        document = await self._azure.read(change.plan.gateway_id)
        if not edit.holds(change.plan.edits, document):
            watch(Step("azure", "Azure did not keep the change", "failed"))
            return await self._end(change, "failed", _not_kept(state))
        if state.state == "succeeded":
            watch(Step("azure", "Azure has rolled it out", "done"))
        else:
            watch(Step("azure", f"Azure reports the operation as {state.state}", "failed"))
        return await self._compare(change, document, watch)

    async def _operation(self, change: Change) -> OperationState:
        deadline = asyncio.get_running_loop().time() + self._policy.operation_most
        while True:
            state = await self._look(change)
            if state.state != "running":
                return state
            if asyncio.get_running_loop().time() > deadline:
                return OperationState("failed", code="Timeout", message="it did not finish in time")
            await asyncio.sleep(max(self._policy.operation_least, state.retry_after))

    async def _look(self, change: Change) -> OperationState:
        if change.operation_url is not None:
            try:
                return await self._azure.operation(change.operation_url)
            except Problem as problem:
                # Azure forgets operations, and reading one takes a separate permission; the gateway's own
                # state tells as much.
                if problem.code not in ("not_found", "forbidden", "foreign_url"):
                    raise
        document = await self._azure.read(change.plan.gateway_id)
        provisioning = str(document.get("properties", {}).get("provisioningState", "")).lower()
        if provisioning == "updating":
            return OperationState("running", self._policy.operation_least)
        return OperationState("failed" if provisioning == "failed" else "succeeded")

    async def _compare(self, change: Change, document: Document, watch: Watch) -> Change:
        planned = edit.apply(change.plan.edits, _before(change))
        found = differences(planned, document)
        watch(
            Step("compare", "Read back: as planned, and nothing else changed", "done")
            if not found
            else Step("compare", f"Read back: {len(found)} other differences", "failed")
        )
        text = "; ".join(f"{it.path}: planned {it.planned}, is {it.actual}" for it in found[:5])
        await self._journal.write("read_back", change, differences=text or "none")
        return await self._advance(
            change,
            "verifying",
            after_etag=str(document.get("etag") or ""),
            outcome=f"Apart from the change, the gateway differs from the plan: {text}."
            if found
            else "",
        )

    async def _advance(
        self,
        change: Change,
        state: ChangeState,
        entries: tuple[AuditEntry, ...] = (),
        **fields: Any,
    ) -> Change:
        words = words_of(change, state)
        moved = await self._store.advance(
            change.id, change.state, state, entries=entries, words=words, **fields
        )
        if moved is not None:
            return moved
        current = await self._store.change(change.id)
        if current is None:
            raise Problem("lost_change", "The stored change is gone.", "See the audit log.")
        return current

    async def _end(self, change: Change, state: ChangeState, outcome: str) -> Change:
        line = self._journal.entry(state, change, outcome=outcome)
        return await self._advance(change, state, (line,), outcome=outcome)


def _before(change: Change) -> Document:
    if change.before is None:
        raise ValueError(f"change {change.id} was not prepared")
    return change.before


def _not_kept(state: OperationState) -> str:
    if state.state == "canceled":
        return (
            "Azure cancelled the change because another operation on the gateway superseded it; it is not in"
            " effect. Diagnose again."
        )
    said = f" ({state.code}: {state.message})" if state.code else ""
    return f"Azure did not keep the change{said}; it is not in effect. Diagnose again."
