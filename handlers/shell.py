"""What every listener shares: the workflow, the jobs, Slack, the people and the settings."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.changes.audit import AuditEntry
from bot.jobs import Jobs
from bot.workflow import Workflow
from handlers.blocks.kit import note
from handlers.cards import Cards
from handlers.guests import Guests
from handlers.interactions import Interaction
from handlers.outbox import Outbox
from handlers.people import People
from handlers.slack import Slack

RESTARTING = "I am restarting. Try again in a minute."


@dataclass(frozen=True, slots=True)
class ShellSettings:
    """How the bot behaves in Slack.

    `recent`: a diagnosis younger than this is linked to, not repeated. In seconds: `pace`, the minimum time between two
    edits of a card; `sweep`, how often expired offers are closed; `retry`, the pause before a change is resumed when
    Azure could not be asked.
    """

    approvers: tuple[str, ...] = ()
    allow_guests: bool = False
    report_channels: frozenset[str] = frozenset()
    alert_bots: frozenset[str] = frozenset()
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
    paused: dict[str, float] = field(default_factory=dict)

    async def hand_over(
        self, act: Interaction, work: Callable[[], Awaitable[None]], *, by_monitor: bool = False
    ) -> None:
        """Do what a person asked for in a job, exactly once however often Slack delivers it.

        If it fails, or that person is a guest, that person is told, and nobody else. A configured monitor is no person.
        """

        async def failed(sentence: str) -> None:
            await self.slack.tell(act, note(f":warning: {sentence}"))

        async def once() -> None:
            if not await self.workflow.store.first_time(act.key, self.clock()):
                return
            objection = None if by_monitor else await self.guests.objection(act.person)
            if objection is None:
                await work()
            else:
                await self.slack.tell(act, note(objection))

        if not self.jobs.start(act.key, once, failed) and not self.jobs.running(act.key):
            await self.slack.tell(act, note(RESTARTING))

    def entry(self, action: str, act: Interaction, gateway_id: str, **details: str) -> AuditEntry:
        """A line of the audit log about what a person did."""
        who = act.person
        return AuditEntry(self.clock(), action, gateway_id, who.team, who.user, details=details)

    async def record(self, action: str, act: Interaction, gateway_id: str, **details: str) -> None:
        """Add one such line."""
        await self.workflow.record(self.entry(action, act, gateway_id, **details))
