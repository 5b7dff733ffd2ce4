"""`agw lab`: the whole bot in its embedded world, with a page in the browser and a mirror in the terminal."""

import argparse
import errno
import os
import sys

from bot.cli.log import configure
from bot.cli.mirror import mirrored
from bot.cli.serving import stopped_by_signal
from bot.cli.shell import open_bot
from bot.core.problem import Problem
from bot.lab.guard import loopback_only
from bot.lab.play import ASKS, PlayFailed, play
from bot.lab.scenario import Scenario
from bot.lab.scenarios import SCENARIOS
from bot.lab.world import CHANNEL, World, open_world
from bot.settings import Settings


async def run(given: argparse.Namespace) -> int:
    """0 if the world was closed in order, or the play ended as the scenario says; 1 if it did not."""
    if given.list:
        width = max(len(each.name) for each in SCENARIOS)
        for each in SCENARIOS:
            print(f"{each.name:<{width}}  {each.title}")
        return 0
    scenario = _scenario(given.scenario)
    configure(debug=os.environ.get("AGW_DEBUG") == "1")
    try:
        # The bot too is held to it: whatever it is told, nothing leaves this machine.
        with loopback_only():
            async with open_world(scenario, port=0 if given.play else given.port) as world:
                settings = Settings.from_environment(world.environment)
                async with open_bot(settings), mirrored(world.slack, print):
                    await world.slack.wait_connected(30)
                    return await (_play(world) if given.play else _stay(world))
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES) or given.play:
            raise
        raise Problem(
            "port_in_use",
            f"The lab's page cannot be served on port {given.port}: {os.strerror(error.errno)}.",
            "Choose another one with --port, or --port 0 for any free one.",
        ) from error


def _scenario(name: str) -> Scenario:
    known = {each.name: each for each in SCENARIOS}
    if name not in known:
        raise Problem(
            "bad_use", f"There is no scenario {name!r}.", "agw lab --list shows what there is."
        )
    return known[name]


async def _stay(world: World) -> int:
    print(f"\n  The lab is open: {world.slack.page_url}\n", flush=True)
    print("  Ctrl+C closes it. The conversation:\n", flush=True)
    await world.slack.post(ASKS, CHANNEL, f"502 from gateway {world.scenario.expected.gateway}")
    await stopped_by_signal()
    return 0


async def _play(world: World) -> int:
    try:
        await play(world, lambda line: print(f"== {line}", flush=True))
    except (TimeoutError, PlayFailed) as error:
        print(f"agw: the story did not end as it should: {error}", file=sys.stderr)
        return 1
    print("== the story ended as the scenario says")
    return 0
