"""`agw lab`: the whole bot in its embedded world, with a page in the browser and the conversation in the terminal."""

import argparse
import asyncio
import errno
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from shlex import quote
from shutil import which
from urllib.parse import urlsplit

from bot.cli.arguments import DEFAULT_PORT
from bot.cli.embedded import scenario_of
from bot.cli.lab_environment import exports
from bot.cli.log import configure
from bot.cli.mirror import mirrored
from bot.cli.serving import for_ever, until_signal
from bot.cli.shell import open_bot
from bot.core.problem import Problem
from bot.lab.guard import loopback_only
from bot.lab.play import ASKS, PlayFailed, play
from bot.lab.scenario import Scenario
from bot.lab.scenarios import SCENARIOS
from bot.lab.world import CHANNEL, World, open_world
from bot.settings import Settings


async def run(given: argparse.Namespace) -> int:
    """0 if the world was closed, or the play ended as the scenario says; 1 if the play ended otherwise."""
    if given.list:
        width = max(len(each.name) for each in SCENARIOS)
        for each in SCENARIOS:
            print(f"{each.name:<{width}}  {each.title}")
        return 0
    if given.env:
        print(await exports(given.port))
        return 0
    scenario = scenario_of(given.scenario)
    configure(debug=os.environ.get("AGW_DEBUG") == "1")
    if given.play and given.no_bot:
        raise Problem("bad_use", "--play is with the lab's own bot.", "Leave out --no-bot.")
    if given.request_url and not given.no_bot:
        told = "The lab's own bot uses Socket Mode."
        raise Problem("bad_use", told, "Add --no-bot, and start the bot with agw serve.")
    if given.play:
        return await _play(scenario)
    await until_signal(_stay(scenario, given))
    return 0


@asynccontextmanager
async def _open(scenario: Scenario, port: int) -> AsyncIterator[World]:
    """The world, and its conversation in the terminal."""
    # This binds the bot too: whatever it is told, nothing leaves this machine.
    with loopback_only():
        async with open_world(scenario, port=port) as world, mirrored(world.slack, _say):
            yield world


@asynccontextmanager
async def _own_bot(world: World) -> AsyncIterator[None]:
    """The lab's own bot, connected."""
    async with open_bot(Settings.from_environment(world.environment)):
        await world.slack.wait_connected(30)
        yield


@asynccontextmanager
async def _other_bot(world: World, request_url: str | None) -> AsyncIterator[None]:
    """A bot of another process, as soon as it is connected or answers at its request URL."""
    _say(f"  Then start the bot there, with any settings of yours: {_program()} serve\n")
    if request_url is None:
        await world.slack.wait_connected(None)
    else:
        secret = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": world.slack.signing_secret}
        world.slack.tell_environment({**world.environment, **secret})
        await _answering(world, request_url)
    yield


async def _answering(world: World, request_url: str) -> None:
    while True:
        with suppress(ConnectionError):
            return await world.slack.use_http(request_url)
        await asyncio.sleep(1)  # Nobody tells when a program begins to listen.


def hint(page_url: str) -> str:
    """What to type for every other command to speak to this lab."""
    port = urlsplit(page_url).port
    named = "" if port == DEFAULT_PORT else f" --port {port}"
    return f'eval "$({_program()} lab --env{named})"'


def _program() -> str:
    """How a shell finds this command: from a checkout it is not on the PATH, then by the way that it was started."""
    started = Path(sys.argv[0])
    by_way_of = {"agw": quote(str(started)), "__main__.py": f"{quote(sys.executable)} -m bot"}
    return "agw" if which("agw") is not None else by_way_of.get(started.name, "agw")


async def _stay(scenario: Scenario, given: argparse.Namespace) -> None:
    port = given.port
    try:
        async with _open(scenario, port) as world:
            _say(f"\n  The lab is open: {world.slack.page_url}\n")
            _say(f"  In another terminal: {hint(world.slack.page_url)}\n")
            bot = _other_bot(world, given.request_url) if given.no_bot else _own_bot(world)
            async with bot:
                _say("  Ctrl+C closes it. The conversation:\n")
                said = f"502 from gateway {scenario.expected.gateway}"
                await world.slack.post(ASKS, CHANNEL, said)
                await for_ever()
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise Problem(
            "port_in_use",
            f"The lab's page cannot be served on port {port}: {os.strerror(error.errno)}.",
            "Choose another port with --port, or --port 0 for any free one.",
        ) from error


async def _play(scenario: Scenario) -> int:
    try:
        async with _open(scenario, 0) as world, _own_bot(world):
            await play(world, lambda line: _say(f"== {line}"))
    except (TimeoutError, PlayFailed) as error:
        because = str(error) or "it took too long"
        print(f"agw: the story did not end as the scenario says: {because}", file=sys.stderr)
        return 1
    _say("== the story ended as the scenario says")
    return 0


def _say(line: str) -> None:
    # Flushed even when piped: people watch it.
    print(line, flush=True)
