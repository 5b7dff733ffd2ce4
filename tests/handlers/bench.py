"""The whole bot but for its edges: real listeners, workflow and store, over Socket Mode to the lab's Slack."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.core.arm.document import Json
from bot.core.changes.word import Word
from bot.jobs import Jobs
from bot.lab.approving import approve
from bot.lab.slack import Limits, SlackWorkspace
from bot.store import DatabaseStore
from bot.workflow import Policy, Workflow
from handlers import Shell, ShellSettings, begin, make_app, make_client
from handlers.socket_mode import SocketMode
from tests import databases
from tests.core import make
from tests.databases import Database
from tests.handlers.edges import MemoryAzure, MemoryProber, gateway

ADA, BEN = "U0ADA", "U0BEN"
INCIDENTS, GENERAL = "C0INCIDENTS", "C0GENERAL"
APPROVE = "approve_upload_ilb_certificate"

WITHIN = 60.0
"""Seconds for what is waited for. Pauses that the clock leaps over count too, as after an answer that was lost: on a
busy machine little of 10 would be left. Where nothing can happen any more it leaps here as well, so it costs nothing.
"""

IMPATIENT = Limits(event_retries=(0.0, 0.0, 0.0))
QUICK = Policy(health_poll=0.01, health_rounds=0, health_least=0.3, operation_least=0.01)
CHORES = ("sweep", "takeover", "outbox")
SETTINGS: Json = {
    "approvers": ("S0NETOPS",),
    "report_channels": frozenset({INCIDENTS}),
    "pace": 0.02,
    "sweep": 3600.0,
    "retry": 0.05,
}


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = make.NOW

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Bench:
    """One running bot and its world."""

    slack: SlackWorkspace
    azure: MemoryAzure
    store: DatabaseStore
    app: AsyncApp
    shell: Shell
    clock: Clock
    database: Database

    async def report(self, text: str = "502 from gateway agw-test", person: str = ADA) -> Json:
        """Report it in the channel and get the finished card."""
        await self.slack.post(person, INCIDENTS, text)
        return await self.card(lambda it: "diagnose_again" in buttons(it))

    async def card(self, wanted: Callable[[Json], bool], index: int = -1) -> Json:
        """The bot's newest card in the channel, as soon as it is as wanted."""

        def found() -> Json | None:
            cards = self.cards()
            return cards[index] if cards and wanted(cards[index]) else None

        card: Json | None = await self.slack.wait_for(found, WITHIN)
        assert card is not None
        return card

    def cards(self) -> list[Json]:
        """The bot's own messages in the channel, without the threads."""
        return [
            it
            for it in self.slack.messages(INCIDENTS)
            if it.get("bot_id") and it.get("thread_ts", it["ts"]) == it["ts"]
        ]

    def thread(self, card: Json) -> list[Json]:
        """The replies below a card."""
        return self.slack.messages(INCIDENTS, card["ts"])[1:]

    async def told(self, person: str, fragment: str, channel: str = INCIDENTS) -> Json:
        """Wait until only that person is told something with this in it."""

        def found() -> Json | None:
            seen = self.slack.ephemerals(person, channel)
            return next((it for it in seen if fragment in shown(it)), None)

        said: Json | None = await self.slack.wait_for(found, WITHIN)
        assert said is not None
        return said

    async def idle(self) -> None:
        """Wait until no job is under way but the chores, and all that is due was said: nothing more will come."""
        async with asyncio.timeout(WITHIN):
            while waiting := [it for it in self.shell.jobs.tasks if it.get_name() not in CHORES]:
                await asyncio.wait(waiting)
            await self.shell.outbox.idle()

    async def unsaid(self) -> list[Word]:
        """What somebody still has to learn; the promise of a diagnosis is kept already, and looks again later."""
        waiting = await self.store.unsaid(100)
        return [it.word for it in waiting if "promise" not in it.word.parts]

    async def click(self, card: Json, action_id: str, person: str = ADA) -> None:
        """Press a button that is there now."""
        await self.slack.click(person, INCIDENTS, card["ts"], action_id)

    async def click_stale(self, card: Json, action_id: str, person: str = ADA) -> None:
        """Press a button on a card as it was."""
        await self.slack.click(person, INCIDENTS, card["ts"], action_id, force=True, message=card)

    async def press(
        self,
        card: Json,
        action_id: str,
        person: str = ADA,
        *,
        reason: str = "",
        stale: bool = False,
    ) -> None:
        """Press a button that approves, and submit the modal that it opens; or be told why it opens none."""
        more: dict[str, Any] = {"force": True, "message": card} if stale else {}
        await approve(
            self.slack, person, INCIDENTS, card["ts"], action_id, reason=reason or None, **more
        )

    async def approve(self, card: Json, person: str = ADA) -> Json:
        """Press the button and wait for the end."""
        await self.press(card, APPROVE, person)
        return await self.card(lambda it: "undo" in buttons(it))


@asynccontextmanager
async def open_bench(
    folder: Path,
    *gateways: Json,
    slack: SlackWorkspace | None = None,
    azure: MemoryAzure | None = None,
    prober: MemoryProber | None = None,
    clock: Clock | None = None,
    policy: Policy = QUICK,
    sockets: int = 1,
    grace: float = 5.0,
    **settings: Any,
) -> AsyncIterator[Bench]:
    """A bot that is connected; give `slack`, `azure` and `clock` of an earlier one to make it a restart."""
    clock = clock or Clock()
    azure = azure or MemoryAzure(*(gateways or (gateway(),)))
    async with AsyncExitStack() as stack:
        if slack is None:
            slack = await stack.enter_async_context(
                SlackWorkspace.open(limits=IMPATIENT, clock=lambda: clock().timestamp())
            )
        database = await databases.here(folder)
        store = await database.store()
        stack.push_async_callback(store.close)
        workflow = Workflow(azure, prober or MemoryProber(), store, policy, clock)
        client = make_client(slack.bot_token, slack.api_url)
        chosen = ShellSettings(**(SETTINGS | settings))
        app, shell = make_app(
            workflow, Jobs(), client, chosen, clock, slack.signing_secret, _running
        )
        stack.push_async_callback(shell.jobs.stop, grace)
        await begin(shell)
        for _ in range(sockets):
            door = SocketMode(app, slack.app_token)
            stack.push_async_callback(door.close_async)
            await door.connect_async()
        await slack.wait_connected()
        yield Bench(slack, azure, store, app, shell, clock, database)


def _running() -> datetime:
    """Goes with the loop, which jumps over pauses; the bench's own clock is turned by hand."""
    return make.NOW + timedelta(seconds=asyncio.get_running_loop().time())


def buttons(message: Json) -> list[str]:
    """The action ids on a message."""
    return [
        element["action_id"]
        for block in message.get("blocks") or ()
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def button(message: Json, action_id: str) -> Json:
    """One of its buttons."""
    found: Json = next(
        element
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == action_id
    )
    return found


def shown(value: Any) -> str:
    """Every text that a message shows, in one string."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return "\n".join(
            [*own, *(shown(it) for it in value.values() if isinstance(it, dict | list))]
        )
    if isinstance(value, list):
        return "\n".join(map(shown, value))
    return ""
