"""What people in Slack wait for: the first sign of life, the whole diagnosis, and building its card."""

import time
from statistics import median
from typing import Any

from bot.cli.shell import open_bot
from bot.cli.wiring import now
from bot.core.changes.change import Person
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from bot.lab.scenarios import scenario as named
from bot.lab.world import CHANNEL, World, open_world
from bot.settings import Settings
from handlers.blocks.card import CardView, card
from tests.bench.diagnosis import opened, with_servers
from tests.bench.measure import ROUNDS, Ratio, seconds


async def card_and_diagnosis() -> list[Ratio]:
    """Building the card should not be felt."""
    async with opened(with_servers(20)) as (diagnostician, gateway_id):
        report = (await diagnostician.examine(gateway_id)).report

        async def diagnose() -> object:
            return await diagnostician.examine(gateway_id)

        whole = await seconds(diagnose)
    return [Ratio("building a card, against its diagnosis", await built(report), whole)]


async def built(report: Report) -> float:
    """Seconds for building one card."""
    person = Person("T0LAB", "U0ADA")
    view = CardView(
        Incident("i", report.gateway.id, report.gateway.name, "C", "1.1", person, "", now(), report)
    )

    async def build() -> object:
        return card(view)

    return await seconds(build)


async def first_answer_and_card() -> list[Ratio]:
    """Somebody who reports a 502 should see at once that the bot is on it."""
    waits = [await waited() for _ in range(ROUNDS)]
    first = median(first for first, _ in waits)
    return [Ratio("first answer in Slack, against the card", first, median(it for _, it in waits))]


async def waited() -> tuple[float, float]:
    """Seconds from a report to the bot's first words, and to the card with its buttons."""
    async with (
        open_world(named("ilb-ase")) as world,
        open_bot(Settings.from_environment(world.environment)),
    ):
        await world.slack.wait_connected()
        await world.azure.wait_health("agw-test", lambda them: all(it.health for it in them))
        began = time.perf_counter()
        await world.slack.post("U0ADA", CHANNEL, "502 from gateway agw-test")
        await world.slack.wait_for(lambda: cards(world), timeout=30)
        first = time.perf_counter() - began
        await world.slack.wait_for(lambda: any("approve_" in str(it) for it in cards(world)), 30)
        return first, time.perf_counter() - began


def cards(world: World) -> list[dict[str, Any]]:
    """What the bot has said in the channel."""
    return [it for it in world.slack.messages(CHANNEL) if it["user"] == "U0AGW"]
