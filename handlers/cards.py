"""Cards: one message per incident, edited in place. What a card must say in the end is delivered by the outbox.

The edits from here only show progress. They may be lost, nothing waits for them, and none is repeated: a repetition
could arrive after the end.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial

from bot.core.changes.change import Card, Change
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.workflow.policy import Policy
from bot.workflow.ports import Store
from bot.workflow.progress import Step, Watch
from handlers.blocks.card import CardView, card
from handlers.blocks.kit import Message
from handlers.slack import Slack

log = logging.getLogger(__name__)

Show = Callable[[tuple[Step, ...]], Awaitable[bool]]
"""Shows steps; False if it is not known whether Slack took them, so that they may still appear."""


class Cards:
    """Builds cards from the store. `pace`: the minimum time between two edits of one card, in seconds."""

    def __init__(
        self,
        slack: Slack,
        store: Store,
        policy: Policy,
        approvers: tuple[str, ...],
        pace: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._slack = slack
        self._store = store
        self._policy = policy
        self._approvers = approvers
        self._pace = pace
        self._clock = clock
        # How far what runs here has come, so that an edit for another reason does not take that off the card.
        self._steps: dict[str, tuple[Step, ...]] = {}

    async def message(
        self,
        incident: Incident,
        trouble: str = "",
        handed_over: bool = False,
    ) -> Message:
        """The card as it should look now."""
        now = self._clock()
        view = CardView(
            incident=incident,
            changes=await self.changes(incident),
            approvers=self._approvers,
            steps=self._steps.get(incident.id, ()),
            trouble=trouble or incident.trouble,
            read_only=self._policy.read_only,
            closed=self._policy.limits.closed(incident.gateway_id),
            frozen_until=self._policy.limits.frozen_until(now),
            handed_over=handed_over,
            now=now,
        )
        return card(view)

    async def sketch(
        self, place: Card, steps: tuple[Step, ...] = (), handed_over: bool = False
    ) -> bool:
        """Show how far something has come, if Slack takes it at once; False if it may still take it later."""
        if steps:
            self._steps[place.incident] = steps
        try:
            incident = await self._store.incident(place.incident) if place.incident else None
            if incident is not None and incident.ts:
                made = await self.message(incident, handed_over=handed_over)
                await self._slack.sketch(incident.channel, incident.ts, made)
        except Problem as problem:
            log.info("card of incident %s: %s", place.incident, problem.code)
            return problem.code != "unreachable"
        return True

    async def changes(self, incident: Incident) -> tuple[Change, ...]:
        """The changes offered on this card, oldest first."""
        return await self._store.changes_of_card(incident.id)

    @asynccontextmanager
    async def progress(
        self, place: Card, behind: Callable[[], Awaitable[None]], beat: float | None = None
    ) -> AsyncIterator[Watch]:
        """Show what is under way on the card, at once and with each step; the block waits for none of these edits.

        With a `beat`, also after so many seconds without a step, so that the time that has passed is right.

        If one was still on its way when the block ended, or was lost, it may arrive after what was stored in the block
        has been said: then `behind` is awaited after it.
        """
        follower = _Follower(partial(self.sketch, place), self._pace, beat)
        task = asyncio.create_task(follower.follow())
        try:
            yield follower.watch
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            late = follower.end()
            await asyncio.wait({task})
            self._steps.pop(place.incident, None)
        if late:
            await behind()


class _Follower:
    """Turns many steps into few edits: always the latest state, never two edits at once."""

    def __init__(self, show: Show, pace: float, beat: float | None) -> None:
        self._show = show
        self._pace = pace
        self._beat = beat
        self._steps: list[Step] = []
        self._news = asyncio.Event()
        self._news.set()
        self._over = asyncio.Event()
        self._late = False

    def watch(self, step: Step) -> None:
        self._steps.append(step)
        self._news.set()

    def end(self) -> bool:
        """Show nothing more; whether an edit is on its way, or was lost."""
        self._over.set()
        self._news.set()
        return self._late

    async def follow(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._beat):
                    await self._news.wait()
            self._news.clear()
            if self._over.is_set():
                return
            lost, self._late = self._late, True
            self._late = not await self._show(tuple(self._steps)) or lost
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace):
                    await self._over.wait()
