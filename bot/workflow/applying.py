"""Carrying out an approved change so that a kill at any moment loses nothing and repeats nothing.

The order, and why it is safe:

1. approved: the intent is stored. Wait until Azure can be asked and nothing else is at work on the gateway, and check
   again: it must be as it was shown, running, and the backend must still serve the approved certificate. Otherwise, or
   when the approval runs out, it is closed; nothing was sent.
2. writing: stored, with the life of the bot that means to send, *before* the PUT is sent. The gateway is read again
   right before: if it differs in etag or content from what was checked, nothing is sent. From here on it is uncertain
   whether Azure received the PUT, so another life never sends it: it looks.
3. written: after Azure accepted it. Look until operation and provisioning state are final, and compare with what was
   read right before the PUT.
4. verifying: backend health, for a few probe intervals; another diagnosis; and the gateway once more.

After the PUT, the store is no reason to stop (`bot.workflow.ledger`), and Azure's silence no answer
(`bot.workflow.watching`). The PUT carries If-Match, but nothing here relies on Azure honouring it.
"""

from datetime import timedelta

from bot.aside import aside
from bot.core.arm.verification import where
from bot.core.changes.change import ACTIVE, Change, ChangeState
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import remark
from bot.workflow.health_verification import HealthVerifier
from bot.workflow.holding import holding
from bot.workflow.journal import Journal
from bot.workflow.ledger import Ledger, Overtaken
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Store
from bot.workflow.preparing import PASSING, Preparer
from bot.workflow.progress import Step, Watch
from bot.workflow.put_once import PutResult, put_once
from bot.workflow.watching import Look, Watcher, failure_of, operation_said, other_differences


class Applier:
    """Drives one change from any active state to its end."""

    def __init__(
        self,
        azure: Azure,
        store: Store,
        preparer: Preparer,
        watcher: Watcher,
        prover: HealthVerifier,
        policy: Policy,
        journal: Journal,
        life: str,
    ) -> None:
        self._azure = azure
        self._store = store
        self._preparer = preparer
        self._watcher = watcher
        self._prover = prover
        self._policy = policy
        self._journal = journal
        self._life = life

    async def carry_out(self, change: Change, watch: Watch) -> Change:
        """Continue from the change's current state to an end state. Idempotent.

        If another life of the bot works on it, it is returned as it is stored.

        Raises:
            Problem: the store failed before anything was sent; the change stays active, to be resumed later. Or
                `lease_lost`: another life may have taken it over.
        """
        if change.state not in ACTIVE:
            return change
        key, seconds = f"change:{change.id}", self._policy.lease
        async with holding(self._store, key, self._life, seconds) as held:
            current = await self._store.change(change.id) or change
            if held is None or current.state not in ACTIVE:
                return current
            return await self._to_the_end(Ledger(self._store, current, held), watch)

    async def _to_the_end(self, ledger: Ledger, watch: Watch) -> Change:
        try:
            while ledger.change.state in ACTIVE:
                await self._step(ledger, watch)
            await ledger.settle()
        except Overtaken as overtaken:
            return overtaken.change
        return ledger.change

    async def _step(self, ledger: Ledger, watch: Watch) -> None:
        match ledger.change.state:
            case "approved":
                # Only the run that stores the intent sends: whoever finds one looks.
                if await self._preparer.prepare(ledger, watch):
                    await self._send(ledger, watch)
            case "writing":
                await self._look(ledger, watch, self._policy.settle)
            case "written":
                await self._await_operation(ledger, watch)
            case _:
                await self._prover.prove(ledger, watch)

    async def _send(self, ledger: Ledger, watch: Watch) -> None:
        """Only ever called by the life, and in the very run, that stored the intent."""
        watch(Step("write", "Writing the gateway", "running"))
        sent = await put_once(self._azure, ledger)
        match sent.kind:
            case "taken":
                watch(Step("write", "Azure accepted the change", "done"))
                await self._taken(ledger, sent)
            case "look":
                refused = sent.code == "etag_mismatch"
                await self._look(ledger, watch, timedelta() if refused else self._policy.settle)
            case "later" | "no_answer":
                await self._later(ledger, watch, sent)
            case "refused":
                watch(Step("write", "Azure did not accept the change", "failed"))
                await self._end(ledger, "failed", sent.why)
            case "not_sent":
                watch(Step("write", "Somebody else changed the gateway: not sent", "failed"))
                await self._end(ledger, "refused", sent.why)

    async def _taken(self, ledger: Ledger, sent: PutResult) -> None:
        accepted = sent.accepted
        url, correlation = (
            (accepted.operation_url, accepted.correlation) if accepted else (None, None)
        )
        entry = self._journal.entry("put_answered", ledger.change, correlation=correlation or "")
        await ledger.follow("written", (entry,), operation_url=url, correlation=correlation)

    async def _later(self, ledger: Ledger, watch: Watch, sent: PutResult) -> None:
        """Nothing was carried out: back to the approval, which is not spent by that."""
        said = str(sent.problem or "")
        if sent.kind == "no_answer" and sent.code not in PASSING:
            await self._end(ledger, "refused", remark("unreadable", said=said))
            return
        watch(Step("write", f"{said} Trying again in {sent.wait:.0f} s", "running"))
        entry = self._journal.entry("put_put_off", ledger.change, because=said)
        await ledger.move("approved", (entry,), before=None, life=None, sent=None)
        ledger.wait = max(sent.wait, self._policy.operation_least)

    async def _look(self, ledger: Ledger, watch: Watch, patience: timedelta) -> None:
        """Whether the PUT was carried out, seen from the gateway."""
        watch(Step("write", "Not known yet whether Azure has the change; looking", "running"))
        look = await self._watcher.final(ledger.change, watch, patience)
        if look.seen == "held":
            watch(Step("write", "Azure has the change", "done"))
            entry = self._journal.entry("put_found", ledger.change)
            await ledger.follow("written", (entry,))
            return
        watch(Step("write", "The gateway does not have the change", "failed"))
        if look.seen in ("gone", "unknown"):
            await self._lost_sight(ledger, look)
        elif not patience:
            await self._end(ledger, "failed", remark("overtaken"))
        else:
            minutes = f"{max(1.0, patience.total_seconds() / 60):.0f}"
            await self._end(ledger, "failed", remark("not_carried_out", minutes=minutes))

    async def _await_operation(self, ledger: Ledger, watch: Watch) -> None:
        watch(Step("azure", "Waiting for Azure to roll it out", "running"))
        look = await self._watcher.final(ledger.change, watch, self._policy.settle)
        if look.seen in ("gone", "unknown"):
            watch(Step("azure", "Azure does not say how it ended", "failed"))
            await self._lost_sight(ledger, look)
            return
        if look.seen != "held":
            watch(Step("azure", "Azure did not keep the change", "failed"))
            await self._end(ledger, "failed", _not_kept(look))
            return
        failure = failure_of(look)
        watch(
            Step("azure", "Azure has rolled it out", "done")
            if failure is None
            else Step("azure", "Azure has the change, and calls it failed", "failed")
        )
        await self._compare(ledger, look, failure, watch)

    async def _compare(
        self, ledger: Ledger, look: Look, failure: Remark | None, watch: Watch
    ) -> None:
        change = ledger.change
        found = await aside(other_differences, change, look.document)
        watch(
            Step("compare", "Read back: as planned, and nothing else changed", "done")
            if not found
            else Step("compare", f"Read back: {len(found)} other differences", "failed")
        )
        entry = self._journal.entry("read_back", change, differences=where(found) or "none")
        differs = remark("differs", where=where(found)) if found else None
        await ledger.follow(
            "verifying",
            (entry,),
            after_etag=str(look.document.get("etag") or ""),
            remarks=tuple(it for it in (failure, differs) if it is not None),
        )

    async def _lost_sight(self, ledger: Ledger, look: Look) -> None:
        if look.seen == "gone":
            await self._end(ledger, "failed", remark("gone"))
            return
        hours = f"{self._policy.watched_for.total_seconds() / 3600:.0f}"
        await self._end(ledger, "not_healthy", remark("not_known", hours=hours))

    async def _end(self, ledger: Ledger, state: ChangeState, why: Remark | None) -> None:
        said = why or remark("gone")
        entry = self._journal.entry(state, ledger.change, code=said.code, **said.parts)
        await ledger.follow(state, (entry,), remarks=(said,))


def _not_kept(look: Look) -> Remark:
    operation = look.operation
    if operation is not None and operation.state == "canceled":
        return remark("superseded")
    if operation is not None and operation.state == "failed":
        return remark("not_kept", said=operation_said(look))
    return remark("taken_back")
