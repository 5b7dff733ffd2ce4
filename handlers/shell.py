"""What every listener shares: the workflow, the jobs, Slack, the people and the settings."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.changes.audit import AuditEntry
from bot.core.changes.word import Word
from bot.jobs import Jobs
from bot.workflow import Workflow
from handlers.acks import Acks
from handlers.blocks.kit import Message, note
from handlers.cards import Cards
from handlers.guests import Guests
from handlers.interactions import Interaction
from handlers.outbox import Outbox
from handlers.people import People
from handlers.slack import Slack
from handlers.slack_errors import SlackProblem

log = logging.getLogger(__name__)

RESTARTING = "I am restarting. Try again in a minute."


@dataclass(frozen=True, slots=True)
class ShellSettings:
    """How the bot behaves in Slack.

    `rate`: how many diagnoses one person may begin within a while. `recent`: a diagnosis younger than this is linked
    to, not repeated. In seconds: `pace`, the minimum time between two edits of a card; `sweep`, how often expired
    offers are closed; `retry`, the pause before a change is resumed when Azure could not be asked.
    """

    approvers: tuple[str, ...] = ()
    allow_guests: bool = False
    report_channels: frozenset[str] = frozenset()
    alert_bots: frozenset[str] = frozenset()
    approval_channel: str = ""
    rate: tuple[int, timedelta] | None = None
    version: str = ""
    recent: timedelta = timedelta(minutes=2)
    pace: float = 1.2
    sweep: float = 15.0
    retry: float = 30.0


@dataclass(frozen=True, slots=True)
class Shell:
    """The parts, together.

    `life` is the name under which this run of the bot takes leases. `paused`: until when (in the loop's time) changes
    that failed here are left alone.
    """

    workflow: Workflow
    jobs: Jobs
    slack: Slack
    people: People
    guests: Guests
    cards: Cards
    settings: ShellSettings
    clock: Callable[[], datetime]
    outbox: Outbox
    acks: Acks
    paused: dict[str, float] = field(default_factory=dict)

    async def hand_over(
        self, act: Interaction, work: Callable[[], Awaitable[None]], *, by_monitor: bool = False
    ) -> None:
        """Do what a person asked for in a job, exactly once however often Slack delivers it.

        If it fails, or that person is a guest, that person is told, and nobody else. A configured monitor is no person.
        """

        async def failed(sentence: str) -> None:
            await self.tell(act, note(f":warning: {sentence}"))

        async def once() -> None:
            if not await self._is_new(act):
                return
            objection = None if by_monitor else await self.guests.objection(act.person)
            if objection is None:
                await work()
            else:
                await self.tell(act, note(objection))

        if not self.jobs.start(act.key, once, failed) and not self.jobs.running(act.key):
            await self.tell(act, note(RESTARTING))

    async def _is_new(self, act: Interaction) -> bool:
        """Whether it was not delivered before; who is not heard because everything is being stopped is told so."""
        try:
            async with self.acks.given():
                return await self.workflow.store.first_time(act.key, self.clock())
        except asyncio.CancelledError:
            # Slack was told that it arrived, so it does not come again by itself.
            with suppress(SlackProblem):
                await self.slack.tell(act, note(RESTARTING))
            raise

    async def tell(self, act: Interaction, made: Message, *, replace: bool = False) -> None:
        """Answer somebody so that only they see it: now, or as a text as soon as Slack takes it, there or directly.

        Raises `Problem` if Slack refuses it for good, or if neither Slack nor the store takes it.
        """
        await self.acks.come_first()
        try:
            await self.slack.tell(act, made, replace=replace)
        except SlackProblem as problem:
            if not problem.passes and not problem.out_of_reach:
                raise
            log.info("the answer to %s waits for Slack: %s", act.key, problem.code)
            await self.outbox.say(_kept(act, made))

    def entry(self, action: str, act: Interaction, gateway_id: str, **details: str) -> AuditEntry:
        """A line of the audit log about what a person did."""
        who = act.person
        return AuditEntry(self.clock(), action, gateway_id, who.team, who.user, details=details)

    async def record(self, action: str, act: Interaction, gateway_id: str, **details: str) -> None:
        """Add one such line."""
        await self.workflow.record(self.entry(action, act, gateway_id, **details))


def _kept(act: Interaction, made: Message) -> Word:
    """An answer that waits; the same one to the same act is said once."""
    parts = {
        "channel": act.channel,
        "user": act.person.user,
        "thread": act.thread or "",
        "text": made.plain,
    }
    key = f"{act.key}:{hashlib.sha256(made.plain.encode()).hexdigest()[:16]}"
    return Word(key, act.key, "note", "", parts)
