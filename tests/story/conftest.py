"""The whole bot as a process of its own, in a world that lives in the test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.lab.approving import approve
from bot.lab.values import Json
from bot.lab.world import CHANNEL, World
from tests import databases
from tests.children import Child
from tests.cli.running import started, world_of
from tests.databases import Database

ADA, BEN = "U0ADA", "U0BEN"
AGAIN = "Press again."
APPROVE = "approve_upload_ilb_certificate"


class Story:
    """What people see and do; every wait has a deadline."""

    def __init__(self, world: World, database: Database) -> None:
        self.world = world
        self.database = database

    @property
    def puts(self) -> int:
        return sum(request.method == "PUT" for request in self.world.azure.requests)

    @asynccontextmanager
    async def bot(
        self, url: str | None = None
    ) -> AsyncIterator[Child | asyncio.subprocess.Process]:
        """`agw serve`, connected: over Socket Mode, or with a request URL over HTTP."""
        async with started(self.world.environment, "serve") as process:
            assert process.stdout is not None
            async with asyncio.timeout(60):
                assert await process.stdout.readline() == b"agw is connected to Slack.\n"
                if url is not None:
                    await self.world.slack.use_http(url)
                await self.world.slack.wait_connected()
            yield process

    async def report(self) -> Json:
        """The card that answers a report, with its buttons."""
        await self.world.slack.post(BEN, CHANNEL, "502 from gateway agw-test")
        return await self.card(lambda it: APPROVE in actions(it))

    def cards(self) -> list[Json]:
        """What the bot has said in the channel itself, not in threads."""
        return [
            it
            for it in self.world.slack.messages(CHANNEL)
            if it["user"] == "U0AGW" and it.get("thread_ts", it["ts"]) == it["ts"]
        ]

    async def card(self, wanted: Callable[[Json], bool]) -> Json:
        """The bot's card in the channel, as soon as it looks as wanted."""

        def found() -> Json | None:
            return next((it for it in reversed(self.cards()) if wanted(it)), None)

        seen = await self.world.slack.wait_for(found, timeout=120)
        assert seen is not None
        return seen

    async def healthy_again(self) -> Json:
        return await self.card(lambda it: "healthy again" in it["text"])

    async def click(self, person: str, card: Json, action: str, *, socket: int) -> None:
        """Press, and again where Slack says that nobody took it within three seconds: the machine may be busy.

        The replica that connected as number `socket` gets it.
        """
        ok = False
        while not ok:
            self.world.slack.faults.next_socket(socket)
            ok = (await self.world.slack.click(person, CHANNEL, card["ts"], action)).ok

    async def approve(self, person: str, card: Json, **more: Any) -> None:
        """Press the button and submit the modal, or be told why there is none; press again where one is asked to."""
        slack = self.world.slack
        pressed = partial(approve, slack, person, CHANNEL, card["ts"], APPROVE, timeout=60, **more)
        while not await pressed():
            if AGAIN not in slack.ephemerals(person, CHANNEL)[-1]["text"]:
                return


def actions(message: Json) -> list[str]:
    """The ids of the buttons of a message."""
    return [
        str(element.get("action_id"))
        for block in message.get("blocks", ())
        for element in block.get("elements", ())
    ]


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    """Microsoft's incident on v1; the bot is not yet there."""
    async with world_of("ilb-ase") as world:
        database = await databases.here(tmp_path)
        settings = {**world.environment, "AGW_DATABASE_URL": database.url}
        yield Story(replace(world, environment=settings), database)
