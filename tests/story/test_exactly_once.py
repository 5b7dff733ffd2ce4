"""One change, whatever happens to the bot and however often people press: seen from outside, over real sockets."""

import asyncio
import signal

import pytest

from bot.lab.azure import AzureEvent, any_unhealthy
from tests.story.conftest import ADA, BEN, Story


@pytest.mark.parametrize("moment", ["PUT", "operation", "health"])
async def test_killed_in_the_middle_of_a_change(moment: str, story: Story) -> None:
    """After a restart the same card ends as healthy, with one PUT in all.

    After the PUT the next bot really waits until the leases of the killed one end; the other times they end at once.
    """
    reached = asyncio.Event()

    def look(event: AzureEvent) -> None:
        request = event.request
        if request is not None and story.puts and moment in (request.method, kind(request.path)):
            reached.set()

    async with story.bot() as process:
        card = await story.report()
        story.world.azure.subscribe(look)
        await story.approve(ADA, card)
        await asyncio.wait_for(reached.wait(), 30)
        process.kill()
        assert await process.wait() == -signal.SIGKILL
    if moment != "PUT":
        await story.database.all_run_out()
    async with story.bot():
        healed = await story.healthy_again()
    assert healed["ts"] == card["ts"]
    assert story.puts == 1


def kind(path: str) -> str:
    if "/operations/" in path.lower():
        return "operation"
    return "health" if path.lower().endswith("/backendhealth") else ""


async def test_a_double_click_and_two_people(story: Story) -> None:
    """Ada is quick with the mouse, and Slack delivers each press twice; Ben tries it as well."""
    async with story.bot():
        card = await story.report()
        story.world.slack.faults.deliver_twice(3)
        presses = [(ADA, card), (BEN, card), (ADA, card)]
        await asyncio.gather(
            *(story.approve(who, card, force=True, message=it) for who, it in presses)
        )
        await story.healthy_again()
        assert story.puts == 1
        notice = await story.world.slack.wait_for(
            lambda: story.world.slack.ephemerals(BEN, "C0INCIDENTS")
        )
        assert notice[-1]["text"] == "You may not do that. Ask an approver: <!subteam^S0NETOPS>."
    assert story.puts == 1


async def test_a_press_on_a_card_from_before_does_nothing(story: Story) -> None:
    async with story.bot():
        card = await story.report()
        await story.approve(ADA, card)
        await story.healthy_again()
        await story.approve(ADA, card, force=True, message=card)
        said = await story.world.slack.wait_for(
            lambda: story.world.slack.ephemerals(ADA, "C0INCIDENTS")
        )
        assert said[-1]["text"]
    assert story.puts == 1


async def test_stopped_in_order_in_the_middle_of_a_change(story: Story) -> None:
    """SIGTERM: the bot ends with 0, and the next one goes on."""
    reached = asyncio.Event()
    async with story.bot() as process:
        card = await story.report()
        story.world.azure.subscribe(lambda it: reached.set() if story.puts else None)
        await story.approve(ADA, card)
        await asyncio.wait_for(reached.wait(), 30)
        process.send_signal(signal.SIGTERM)
        _, err = await asyncio.wait_for(process.communicate(), 40)
        assert process.returncode == 0
        assert [it for it in err.decode().splitlines() if " INFO bot." not in it] == []
    async with story.bot():
        await story.healthy_again()
    assert story.puts == 1


async def test_two_bots_on_one_database(story: Story) -> None:
    """Two replicas, as during a rolling update: each report has one card, each approval one PUT."""
    async with story.bot(), story.bot():
        card = await story.report()
        story.world.slack.faults.deliver_twice(2)
        await story.approve(ADA, card)
        await story.healthy_again()
        assert [it["ts"] for it in story.cards()] == [card["ts"]]
    assert story.puts == 1
    await story.world.azure.wait_health("agw-test", lambda them: not any_unhealthy(them))
