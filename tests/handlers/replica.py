"""A replica of the bot with its whole Slack side, which may be killed at any moment."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.core.changes.change import Change
from bot.jobs import Jobs
from bot.lab.slack import SlackWorkspace
from bot.store import DatabaseStore
from bot.workflow import Workflow
from bot.workflow.holding import new_life
from handlers import Shell, ShellSettings, begin, make_app, make_client
from handlers.socket_mode import SocketMode
from tests.handlers.edges import MemoryProber
from tests.workflow.lives import QUICK, WatchedStore
from tests.workflow.played_azure import PlayedAzure


class SlackReplica:
    """Real listeners, jobs, outbox and workflow, over Socket Mode to the lab's Slack."""

    def __init__(self, real: DatabaseStore, store: WatchedStore, shell: Shell, life: str) -> None:
        self._real = real
        self._door: SocketMode | None = None
        self.store = store
        self.shell = shell
        self.holders = (life,)

    @classmethod
    async def start(
        cls,
        azure: PlayedAzure,
        real: DatabaseStore,
        slack: SlackWorkspace,
        clock: Callable[[], datetime],
        moved: Callable[[Change], None],
        settings: ShellSettings,
    ) -> "SlackReplica":
        """Until it is connected."""
        store, life = WatchedStore(real, moved), new_life()
        workflow = Workflow(azure, MemoryProber(), store, QUICK, clock, life)
        client = make_client(slack.bot_token, slack.api_url)
        app, shell = make_app(workflow, Jobs(), client, settings, clock, slack.signing_secret)
        replica = cls(real, store, shell, life)
        await begin(shell)
        replica._door = SocketMode(app, slack.app_token)
        await replica._door.connect_async()
        await slack.wait_connected()
        return replica

    async def look(self) -> None:
        """Its own chores look."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way but the chores."""
        return not any(":" in it.get_name() for it in self.shell.jobs.tasks)

    async def kill(self) -> None:
        """As by kill -9: nothing is finished, and nothing more is stored or said."""
        self.store.cut = True
        # More than once: it would say its last words and let its leases go first.
        while tasks := self.shell.jobs.tasks:
            for it in tasks:
                it.cancel()
            await asyncio.sleep(0)
        if self._door is not None:
            await self._door.close_async()
        await self._real.close()
