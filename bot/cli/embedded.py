"""The lab's worlds for commands that look into one: by name, and open for one run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.problem import Problem
from bot.lab.guard import loopback_only
from bot.lab.scenario import Scenario
from bot.lab.scenarios import SCENARIOS
from bot.lab.world import World, open_world
from bot.nearest import did_you_mean, near

PROBED = 30.0
"""Seconds for the lab's gateway to probe each backend once."""


def scenario_of(name: str) -> Scenario:
    """The scenario of a name.

    Raises:
        Problem: `bad_use`.
    """
    known = {each.name: each for each in SCENARIOS}
    if name not in known:
        hint = did_you_mean(near(name, known), "agw lab --list lists them.")
        raise Problem("bad_use", f"There is no scenario {name!r}.", hint)
    return known[name]


@asynccontextmanager
async def embedded(name: str) -> AsyncIterator[World]:
    """A scenario's world, once its gateway has looked at its backends; nothing leaves this machine during the block."""
    scenario = scenario_of(name)
    with loopback_only():
        async with open_world(scenario) as world:
            gateway = scenario.expected.gateway
            await world.azure.wait_health(
                gateway, lambda them: all(it.health for it in them), PROBED
            )
            yield world
