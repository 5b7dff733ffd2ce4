"""Looking at Azure until it has ended, and at what has come of a PUT: a single read proves nothing.

A read may show the old document after success, a PUT may show after its answer was lost, an operation may outlast
every limit, and Azure may be away meanwhile. So it is looked at until operation and provisioning state are final.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.aside import aside
from bot.core.arm import edit
from bot.core.arm.document import Document
from bot.core.arm.provisioning import has_failed, is_busy
from bot.core.arm.verification import Difference, differences
from bot.core.changes.change import Change
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import remark
from bot.core.problem import Problem
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, OperationState
from bot.workflow.progress import Step, Watch

Seen = Literal["held", "untouched", "moved", "gone", "unknown"]
"""The gateway has the edits; is as it was before; is as somebody else made it; is deleted; could not be seen."""

NO_OPERATION = frozenset({"not_found", "forbidden", "foreign_url"})
"""Azure forgets operations, and reading one takes a separate permission; the gateway's own state tells as much."""

MOVED_LOOKS = 2
"""How often in a row a gateway has to show somebody else's state before it counts as taken back."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen in the end. `operation` is unknown (None) where Azure does not tell."""

    seen: Seen
    document: Document
    operation: OperationState | None = None


class Watcher:
    """Looks; changes nothing."""

    def __init__(self, azure: Azure, policy: Policy, clock: Callable[[], datetime]) -> None:
        self._azure = azure
        self._policy = policy
        self._clock = clock

    async def final(self, change: Change, watch: Watch, patience: timedelta) -> Look:
        """What the gateway shows when nothing is at work on it any more.

        That it does not have the edits is believed only after `patience`.
        """
        rounds = _Rounds(change, watch, self._policy, self._clock, patience)
        while True:
            try:
                look = await self._look(change)
            except Problem as problem:
                if problem.code == "not_found":
                    return Look("gone", {})
                await rounds.no_answer(problem)
            else:
                if rounds.is_last(look):
                    return look
                await rounds.pause(look.operation)
            if rounds.over:
                return Look("unknown", {})

    async def _look(self, change: Change) -> Look:
        operation = await self._operation(change)
        document = await self._azure.read(change.plan.gateway_id)
        if await aside(edit.holds, change.plan.edits, document):
            return Look("held", document, operation)
        same = document.get("etag") == (change.before or {}).get("etag")
        return Look("untouched" if same else "moved", document, operation)

    async def _operation(self, change: Change) -> OperationState | None:
        if change.operation_url is None:
            return None
        try:
            return await self._azure.operation(change.operation_url)
        except Problem as problem:
            if problem.code in NO_OPERATION:
                return None
            raise


class _Rounds:
    """How long it has been looked, and whether a look is the last one."""

    def __init__(
        self,
        change: Change,
        watch: Watch,
        policy: Policy,
        clock: Callable[[], datetime],
        patience: timedelta,
    ) -> None:
        self._change = change
        self._watch = watch
        self._policy = policy
        self._clock = clock
        self._patience = patience
        self._began = clock()
        self._final_since: datetime | None = None
        self._moved = 0
        self._wait = policy.operation_least

    @property
    def over(self) -> bool:
        """Whether nobody looks any more."""
        begun = self._change.decided or self._change.created
        return self._clock() > max(begun, self._began) + self._policy.watched_for

    def is_last(self, look: Look) -> bool:
        """Whether this look says how it ended."""
        if is_busy(look.document) or (look.operation and look.operation.state == "running"):
            self._final_since, self._moved = None, 0
            return False
        if look.seen == "held":
            return True
        now = self._clock()
        self._final_since = self._final_since or now
        self._moved = self._moved + 1 if look.seen == "moved" else 0
        # What the operation ended with, or a state that is neither the old one nor ours, needs no long patience.
        ended = look.operation is not None
        if self._moved >= MOVED_LOOKS and (ended or not self._patience):
            return True
        return now - self._final_since >= self._patience

    async def pause(self, operation: OperationState | None) -> None:
        """Until the next look."""
        asked = operation.retry_after if operation and operation.state == "running" else 0.0
        self._say()
        await self._sleep(max(self._wait, asked))

    async def no_answer(self, problem: Problem) -> None:
        """Until the next look, after one that Azure did not answer."""
        wait = max(self._wait, problem.wait or 0.0)
        text = f"Not known yet: {problem} Looking again in {wait:.0f} s"
        self._watch(Step("azure", text, "running"))
        await self._sleep(wait)

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._wait = min(2 * self._wait, self._policy.operation_longest)

    def _say(self) -> None:
        lasted = (self._clock() - self._began).total_seconds()
        if lasted > self._policy.operation_most:
            text = (
                f"Azure is still working after {lasted / 60:.0f} min; I keep looking until it ends"
            )
            self._watch(Step("azure", text, "running"))
        elif self._final_since is not None:
            text = "Not known yet: the gateway does not show the change; looking again"
            self._watch(Step("azure", text, "running"))


def other_differences(change: Change, document: Document) -> tuple[Difference, ...]:
    """Where a gateway is neither as it was before the change nor as planned."""
    return differences(edit.apply(change.plan.edits, change.before or {}), document)


def operation_said(look: Look) -> str:
    """What Azure says of an operation that failed, what it means and what to do; empty if it says nothing."""
    operation = look.operation
    if operation is None or not operation.message:
        return ""
    return f"{operation.message.rstrip('.')}. {operation.hint}".strip()


def failure_of(look: Look) -> Remark | None:
    """What Azure says against a change that the gateway has; a cancelled operation was followed by another one."""
    operation = look.operation
    if operation is not None and operation.state == "failed":
        return remark("operation_failed", said=operation_said(look) or "it gives no reason.")
    return remark("state_failed") if has_failed(look.document) else None
