"""Cards: one message per incident, posted once and edited in place.

If a card cannot be edited (deleted, channel archived, Slack down), that is logged and nothing waits for it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

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

Show = Callable[[tuple[Step, ...]], Awaitable[None]]


class Cards:
    """Posts and edits cards. `pace`: the minimum time between two edits of one card, in seconds."""

    def __init__(
        self, slack: Slack, store: Store, policy: Policy, approvers: tuple[str, ...], pace: float
    ) -> None:
        self._slack = slack
        self._store = store
        self._policy = policy
        self._approvers = approvers
        self._pace = pace

    async def post(self, incident: Incident) -> Incident:
        """Post a new card in the incident's channel. Raises `Problem` if it could not be posted."""
        ts = await self._slack.post(incident.channel, card(CardView(incident)))
        return replace(incident, ts=ts)

    async def show(
        self, incident: Incident, steps: tuple[Step, ...] = (), trouble: str = ""
    ) -> None:
        """Bring the card in line with the store."""
        view = CardView(
            incident=incident,
            changes=await self.changes(incident),
            approvers=self._approvers,
            steps=steps,
            trouble=trouble,
            read_only=self._policy.read_only,
        )
        await self._edit(incident.channel, incident.ts, card(view))

    async def refresh(
        self, place: Card, steps: tuple[Step, ...] = (), trouble: str = ""
    ) -> Incident | None:
        """The same for the card a change belongs to; None for a change without a card."""
        incident = await self._store.incident(place.incident) if place.incident else None
        if incident is not None:
            await self.show(incident, steps, trouble)
        return incident

    async def changes(self, incident: Incident) -> tuple[Change, ...]:
        """The changes offered on this card, oldest first."""
        return await self._store.changes_of_card(incident.id)

    async def reply(self, place: Card, message: Message) -> None:
        """Reply in the card's thread, or in the channel if the card is gone."""
        for thread in (place.ts, None):
            try:
                await self._slack.post(place.channel, message, thread)
            except Problem as problem:
                log.warning("reply in %s %s: %s", place.channel, thread, problem)
            else:
                return

    async def _edit(self, channel: str, ts: str, message: Message) -> None:
        try:
            await self._slack.edit(channel, ts, message)
        except Problem as problem:
            log.warning("card %s in %s: %s (%s)", ts, channel, problem, problem.code)

    @asynccontextmanager
    async def progress(self, show: Show) -> AsyncIterator[Watch]:
        """Show steps as they come. No edit is pending after the block, so the caller's next edit is the last."""
        follower = _Follower(show, self._pace)
        task = asyncio.create_task(follower.follow())
        try:
            yield follower.watch
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            follower.end()
            await asyncio.wait({task})


class _Follower:
    """Turns many steps into few edits: always the latest state, never two edits at once."""

    def __init__(self, show: Show, pace: float) -> None:
        self._show = show
        self._pace = pace
        self._steps: list[Step] = []
        self._news = asyncio.Event()
        self._over = asyncio.Event()

    def watch(self, step: Step) -> None:
        self._steps.append(step)
        self._news.set()

    def end(self) -> None:
        self._over.set()
        self._news.set()

    async def follow(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            if self._over.is_set():
                return
            await self._show(tuple(self._steps))
            try:
                await asyncio.wait_for(self._over.wait(), self._pace)
            except TimeoutError:
                continue
