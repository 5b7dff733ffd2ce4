"""An approved change as a job: begun at once, resumed after a restart, handed over at the end of this process.

Nothing here waits for Slack before the change is sent to Azure.
"""

import asyncio
import logging
from functools import partial

from bot.core.changes.change import Change
from bot.core.changes.word import Word
from bot.core.problem import Problem
from bot.incident_id import within
from bot.telemetry import Span, span
from bot.workflow import Step, Watch
from handlers.blocks.text import outside
from handlers.shell import Shell

log = logging.getLogger(__name__)

MOST_RETRIES = 60
PAUSE = 300.0
"""Seconds before a change is gone on with after an error that trying again at once did not help."""
MOST_AT_ONCE = 100
"""How many changes that nobody carries out are begun in one look."""
MINUTE = 60.0
"""Seconds after which a card says again how long a change has been under way."""
LOOK = 0.1
"""Seconds between two looks whether a change may be handed over."""


class CarryingOut:
    """Begins changes and brings their cards in line, however they end."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def begin(self, change: Change) -> None:
        """Start a change, or go on with it; nothing if it is already under way here."""

        async def failed(sentence: str) -> None:
            self._shell.paused[change.id] = asyncio.get_running_loop().time() + PAUSE
            minutes = f"{PAUSE / 60:.0f} minutes"
            trouble = f"{sentence} The change is stored; I go on with it in {minutes}, or when I am started again."
            await self._tell(change, trouble)

        self._shell.jobs.start(
            _name(change),
            lambda: self._within(change),
            failed,
            kind="change",
            gateway=change.plan.gateway_id,
            safe=lambda: self._not_writing(change.id),
        )

    async def resume(self) -> None:
        """Go on with the changes that a restart interrupted, or whose process was killed."""
        now = asyncio.get_running_loop().time()
        for change in await self._shell.workflow.store.free_changes(MOST_AT_ONCE):
            paused = self._shell.paused.get(change.id, 0.0) > now
            if not paused and not self._shell.jobs.running(_name(change)):
                self._shell.paused.pop(change.id, None)
                log.info("resuming change %s (%s)", change.id, change.state)
                self.begin(change)

    async def sweep(self) -> None:
        """Close expired offers; their cards say so."""
        if await self._shell.workflow.expire():
            self._shell.outbox.nudge()

    async def _within(self, change: Change) -> None:
        gateway = change.plan.gateway_id
        with (
            within(change.card.incident),
            span("change", change=change.id, gateway=gateway) as told,
        ):
            await self._carry_out(change, told)

    async def _carry_out(self, change: Change, told: Span) -> None:
        cards, outbox = self._shell.cards, self._shell.outbox
        behind = partial(outbox.refresh, change.card.incident)
        try:
            async with cards.progress(change.card, behind, MINUTE) as watch:
                ended = await self._to_the_end(change, watch)
                told.tell("state", ended.state)
                told.tell("correlation", ended.correlation)
                outbox.nudge()
        except asyncio.CancelledError:
            await cards.sketch(change.card, handed_over=True)
            raise
        except Problem as problem:
            if problem.code != "lease_lost":
                raise
            log.info("another replica carries out change %s", change.id)
            return
        if await self._shell.workflow.left_behind(ended):
            outbox.nudge()
        if await self._shell.workflow.offers_left(ended):
            await outbox.refresh(ended.card.incident)

    async def _tell(self, change: Change, trouble: str) -> None:
        """On the card, and once in its thread: an edit notifies nobody."""
        place = change.card.incident
        await self._shell.outbox.refresh(place, trouble=trouble)
        if place:
            key, text = f"{change.id}:trouble", f":warning: {outside(trouble, 900)}"
            await self._shell.outbox.say(Word(key, place, "reply", change.id, {"text": text}))

    async def _to_the_end(self, change: Change, watch: Watch) -> Change:
        """Azure may be unreachable for a while; the change is stored, so it can simply be resumed."""
        for _ in range(MOST_RETRIES):
            try:
                return await self._shell.workflow.carry_out(change.id, watch)
            except Problem as problem:
                if problem.code == "lease_lost":
                    raise
                pause = self._shell.settings.retry
                watch(Step("pause", f"{problem} Trying again in {pause:.0f} s", "running"))
                await asyncio.sleep(pause)
        return await self._shell.workflow.carry_out(change.id, watch)

    async def _not_writing(self, change_id: str) -> None:
        """Wait while the PUT may be on its way: before and after it, whoever runs next knows where to go on."""
        while True:
            change = await self._shell.workflow.store.change(change_id)
            if change is None or change.state != "writing":
                return
            await asyncio.sleep(LOOK)


def _name(change: Change) -> str:
    return f"change:{change.id}"
