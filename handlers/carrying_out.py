"""An approved change as a job: begun at once, resumed after a restart, handed over at the end of this process.

Nothing here waits for Slack before the change is sent to Azure.
"""

import asyncio
import logging

from bot.core.changes.change import Change
from bot.core.problem import Problem
from bot.workflow import Step, Watch
from handlers.blocks.kit import note
from handlers.blocks.outcome import announcement
from handlers.blocks.text import outside
from handlers.shell import Shell

log = logging.getLogger(__name__)

MOST_RETRIES = 60
LOOK = 0.1
"""Seconds between two looks whether a change may be handed over."""


class CarryingOut:
    """Begins changes and brings their cards in line, however they end."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def begin(self, change: Change) -> None:
        """Start a change, or go on with it; nothing if it is already under way here."""

        async def failed(sentence: str) -> None:
            trouble = f"{sentence} The change is stored; I will resume it when I am started again."
            await self._shell.cards.refresh(change.card, trouble=trouble)
            await self._shell.cards.reply(change.card, note(f":warning: {outside(trouble, 900)}"))

        self._shell.jobs.start(
            f"change:{change.id}",
            lambda: self._carry_out(change),
            failed,
            kind="change",
            gateway=change.plan.gateway_id,
            safe=lambda: self._not_writing(change.id),
        )

    async def resume(self) -> None:
        """Resume the changes that a restart interrupted."""
        for change in await self._shell.workflow.unfinished():
            log.info("resuming change %s (%s)", change.id, change.state)
            self.begin(change)

    async def sweep(self) -> None:
        """Close expired offers, and update their cards."""
        places = {it.card for it in await self._shell.workflow.expire()}
        for place in places:
            await self._shell.cards.refresh(place)

    async def _carry_out(self, change: Change) -> None:
        cards = self._shell.cards

        async def show(steps: tuple[Step, ...]) -> None:
            await cards.refresh(change.card, steps)

        try:
            async with cards.progress(show) as watch:
                ended = await self._to_the_end(change, watch)
        except asyncio.CancelledError:
            await cards.refresh(change.card, handed_over=True)
            raise
        await cards.refresh(ended.card)
        if ended.card.channel:
            await cards.reply(ended.card, announcement(ended))
        left = {it.card for it in await self._shell.workflow.left_behind(ended)}
        for place in left - {ended.card}:
            await cards.refresh(place)

    async def _to_the_end(self, change: Change, watch: Watch) -> Change:
        """Azure may be unreachable for a while; the change is stored, so it can simply be resumed."""
        for _ in range(MOST_RETRIES):
            try:
                return await self._shell.workflow.carry_out(change.id, watch)
            except Problem as problem:
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
