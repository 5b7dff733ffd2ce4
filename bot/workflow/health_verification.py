"""After the write: is it healthy, is the whole gateway, and does it still have the change?"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.aside import aside
from bot.core.arm.document import Document
from bot.core.arm.verification import where
from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change, ChangeState
from bot.core.changes.plan import Plan
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import all_in_words, remark
from bot.core.problem import Problem
from bot.core.report.proof import FAILED, Looked, Proof, Watched, proof, undo_proof, watched
from bot.core.report.report import Report
from bot.workflow.diagnosing import Diagnostician, Examined
from bot.workflow.journal import Journal
from bot.workflow.ledger import Ledger
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Store
from bot.workflow.progress import Step, Watch
from bot.workflow.watching import Look, Watcher, failure_of, other_differences


class HealthVerifier:
    """Waits for backend health, diagnoses again, looks whether the change is still there, and closes it.

    `found` gets that diagnosis with everything it was made from, for plans against what is left.
    """

    def __init__(
        self,
        azure: Azure,
        store: Store,
        diagnostician: Diagnostician,
        watcher: Watcher,
        policy: Policy,
        journal: Journal,
        found: Callable[[Examined], None],
    ) -> None:
        self._azure = azure
        self._store = store
        self._diagnostician = diagnostician
        self._watcher = watcher
        self._policy = policy
        self._journal = journal
        self._found = found

    async def prove(self, ledger: Ledger, watch: Watch) -> None:
        """Take a change from `verifying` to its end state."""
        change = ledger.change
        wanted: Watched = "healthy" if change.undoes is None else "unhealthy"
        health = await self._poll(change.plan, wanted, watch)
        watch(Step("diagnose", "Diagnosing again", "running"))
        looked = await self._examine(change, health)
        look = await self._watcher.final(change, watch, self._policy.settle)
        watch(Step("diagnose", _second_opinion(looked), "done" if looked.report else "failed"))
        ended = await self._proof(_with_failure(change, look), looked, look)
        entry = self._entry(change, ended.state, ended.remarks)
        await ledger.follow(ended.state, (entry,), remarks=ended.remarks)
        if looked.report is not None:
            await self._keep(change, looked.report)

    async def _proof(self, change: Change, looked: Looked, look: Look) -> Proof:
        match look.seen:
            case "gone":
                return Proof("failed", (remark("gone"),))
            case "unknown":
                hours = f"{self._policy.watched_for.total_seconds() / 3600:.0f}"
                return Proof("not_healthy", (remark("not_known", hours=hours),))
            case "untouched" | "moved":
                return Proof("failed", (remark("taken_back"),))
        if change.undoes is not None:
            done = await self._undone(change.undoes)
            return undo_proof(change, looked, look.document, done)
        return proof(await aside(_as_read_last, change, look.document), looked)

    async def _undone(self, change_id: str) -> Document | None:
        """The gateway as it was before what is undone, if that is still stored and can be read."""
        try:
            done = await self._store.change(change_id)
        except Problem:
            return None
        return done.before if done is not None else None

    async def _poll(self, plan: Plan, wanted: Watched, watch: Watch) -> Watched:
        """Poll until the backends are as wanted, for some probe intervals: backend health is only a cache of the probes
        (learn.microsoft.com/azure/application-gateway/application-gateway-backend-health)."""
        limit = max(self._policy.health_least, self._policy.health_rounds * plan.probe_interval)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limit
        watch(Step("health", f"Watching backend health, up to {limit:.0f} s", "running"))
        while True:
            found = watched(await self._azure.health(plan.gateway_id, self._policy.timeout), plan)
            if found == wanted or loop.time() > deadline:
                text = f"Backend health: {found}"
                watch(Step("health", text, "done" if found == wanted else "failed"))
                return found
            await asyncio.sleep(self._policy.health_poll)

    async def _examine(self, change: Change, health: Watched) -> Looked:
        try:
            examined = await self._diagnostician.examine(change.plan.gateway_id)
        except Problem as problem:
            return Looked(health, because=str(problem))
        self._found(examined)
        return Looked(health, examined.diagnosis, examined.report)

    async def _keep(self, change: Change, report: Report) -> None:
        try:
            await self._store.alter_incident(
                change.card.incident, lambda it: replace(it, report=report)
            )
        except Problem:
            return  # The card keeps the report that it has; how the change ended is not lost by that.

    def _entry(self, change: Change, state: ChangeState, remarks: tuple[Remark, ...]) -> AuditEntry:
        return self._journal.entry(
            "undone" if change.undoes else "verified",
            change,
            state=state,
            outcome=all_in_words(remarks),
            before_etag=change.plan.etag,
            after_etag=change.after_etag or "",
            correlation=change.correlation or "",
            certificates=" ".join(it.sha256 for it in change.plan.certificates),
        )


def _with_failure(change: Change, look: Look) -> Change:
    """The change, with what Azure says against it at the last look, where nothing was said before."""
    failure = failure_of(look)
    if failure is None or any(it.code in FAILED for it in change.remarks):
        return change
    return replace(change, remarks=(failure, *change.remarks))


def _as_read_last(change: Change, document: Document) -> Change:
    """The change, with the other differences as they are now and not as they were right after the write."""
    found = other_differences(change, document)
    kept = tuple(it for it in change.remarks if it.code != "differs")
    return replace(
        change, remarks=(*kept, *((remark("differs", where=where(found)),) if found else ()))
    )


def _second_opinion(looked: Looked) -> str:
    if looked.diagnosis is None:
        return "The gateway could not be read for a second diagnosis"
    return f"Diagnosed again: {looked.diagnosis.verdict}"
