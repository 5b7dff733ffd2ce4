"""Three replicas of the bot on one PostgreSQL database, seen from outside: any of them may be asked, or die."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from bot.lab.azure import AzureEvent
from bot.lab.values import Json
from bot.lab.world import CHANNEL
from tests.children import Child
from tests.story.conftest import ADA, APPROVE, BEN, Story, actions
from tests.story.replicas import Replicas, open_replicas
from tests.story.test_exactly_once import kind

pytestmark = pytest.mark.timeout(300)

REPEATS = pytest.mark.repeats
REALLY_WAIT = [False, pytest.param(True, marks=REPEATS)]
"""Whether a test waits until the leases of a killed replica end by the database's clock."""
FOLLOWS = 15.0
"""Seconds after which another replica has taken over what a killed one did."""


def replies(story: Story, card: Json, words: str) -> list[str]:
    """What the bot says in the thread of a card with these words in it."""
    thread = story.world.slack.messages(CHANNEL, card["ts"])[1:]
    return [it["text"] for it in thread if it["user"] == "U0AGW" and words in it["text"]]


async def test_any_replica_takes_any_click(story: Story) -> None:
    """One takes the report, another one the approval, the third one the undo: none knows more than the database.

    Who carries a change out is not asked: whichever sees first that nobody does.
    """
    async with open_replicas(story, 3) as replicas:
        story, slack = replicas.story, story.world.slack
        slack.faults.next_socket(0)
        card = await story.report()
        await story.click(ADA, card, APPROVE, socket=1)
        view = (await slack.wait_for(lambda: slack.views(ADA), timeout=30))[-1]
        slack.faults.next_socket(2)
        await slack.submit_view(ADA, view["id"], {})
        healed = await story.healthy_again()
        assert story.puts == 1
        await story.click(ADA, healed, "undo", socket=0)
        undone = await story.card(lambda it: "undone" in it["text"])
        assert undone["ts"] == card["ts"]
        assert story.puts == 2
        # Whoever presses again, as a busy machine may make them, does so at the same one.
        assert list(dict.fromkeys(slack.sockets.sent)) == [
            (0, "events_api"),
            (1, "interactive"),
            (2, "interactive"),
            (0, "interactive"),
        ]


async def test_of_reports_and_presses_to_all_of_them_one_counts(story: Story) -> None:
    """Two people report the same gateway at once, and press thrice; Slack delivers everything twice."""
    async with open_replicas(story, 3) as replicas:
        story, slack = replicas.story, story.world.slack
        slack.faults.deliver_twice(5)
        await asyncio.gather(
            slack.post(ADA, CHANNEL, "502 from gateway agw-test"),
            slack.post(BEN, CHANNEL, "502 from gateway agw-test"),
        )
        card = await story.card(lambda it: APPROVE in actions(it))
        await replicas.silent()
        assert len(story.cards()) == 1
        presses = (story.approve(ADA, card, force=True, message=card) for _ in range(3))
        await asyncio.gather(*presses)
        await story.healthy_again()
        await replicas.silent()
        assert len(story.cards()) == 1
        assert len(replies(story, card, "healthy again")) == 1
    assert story.puts == 1


@REPEATS
async def test_ten_of_them_carry_a_change_out_once(story: Story) -> None:
    """As many as Slack lets connect, also after it has asked each of them to connect anew."""
    async with open_replicas(story, 10) as replicas:
        story, sockets = replicas.story, story.world.slack.sockets
        card = await story.report()
        await story.approve(ADA, card)
        healed = await story.healthy_again()
        assert story.puts == 1
        await sockets.disconnect()
        await story.world.slack.wait_for(lambda: len(sockets) == 10, timeout=60)
        await story.click(ADA, healed, "undo", socket=9)
        await story.card(lambda it: "undone" in it["text"])
        assert story.puts == 2


@pytest.mark.parametrize(
    ("moment", "wait"),
    [
        ("operation", False),
        pytest.param("PUT", True, marks=REPEATS),
        pytest.param("operation", True, marks=REPEATS),
        pytest.param("health", True, marks=REPEATS),
    ],
)
async def test_another_goes_on_with_the_change_of_a_killed_one(
    moment: str, wait: bool, story: Story
) -> None:
    async with open_replicas(story, 3) as replicas:
        story = replicas.story
        card = await story.report()
        victim = await _working(replicas, card, moment)
        killed = time.monotonic()
        await replicas.kill(victim, wait=wait)
        heir = await replicas.holder("change:%")
        assert heir is not victim
        assert time.monotonic() - killed < FOLLOWS
        healed = await story.healthy_again()
        await replicas.silent()
        assert healed["ts"] == card["ts"]
        assert len(replies(story, card, "healthy again")) == 1
    assert story.puts == 1


async def _working(replicas: Replicas, card: Json, moment: str) -> Child:
    """The replica that carries out the change, when that has come so far."""
    story, reached = replicas.story, asyncio.Event()

    def look(event: AzureEvent) -> None:
        request = event.request
        if request is not None and story.puts and moment in (request.method, kind(request.path)):
            reached.set()

    stop = story.world.azure.subscribe(look)
    await story.approve(ADA, card)
    victim = await replicas.holder("change:%")
    await asyncio.wait_for(reached.wait(), 60)
    stop()
    return victim


@pytest.mark.parametrize("wait", REALLY_WAIT)
@pytest.mark.parametrize("trouble", ["refused", "answer lost"])
async def test_another_says_the_last_word_of_a_killed_one_and_once(
    trouble: str, wait: bool, story: Story
) -> None:
    """Slack refused it so far, or has taken it when nobody is left to hear that."""
    async with open_replicas(story, 3) as replicas:
        story, faults = replicas.story, story.world.slack.faults
        card = await story.report()
        await replicas.silent()
        taken = asyncio.Event()
        if trouble == "refused":
            faults.fail_with_status("chat.update", 503, times=1000)
            faults.fail_with_status("chat.postMessage", 503, times=1000)
        else:
            taken = faults.hold("chat.postMessage")
        await story.approve(ADA, card)
        await replicas.until(replicas.all_healthy if trouble == "refused" else _on_its_way(story))
        killed = time.monotonic()
        await replicas.kill(await replicas.holder("outbox"), wait=wait, held=taken)
        await replicas.holder("outbox")
        assert time.monotonic() - killed < FOLLOWS
        faults.clear()
        await replicas.silent()
        healed = await story.card(lambda it: "undo" in actions(it))
        assert (healed["ts"], "healthy again" in healed["text"]) == (card["ts"], True)
        assert len(replies(story, card, "healthy again")) == 1
    assert story.puts == 1


def _on_its_way(story: Story) -> Callable[[], Awaitable[bool]]:
    """Whether the call that is held up has reached Slack."""

    async def look() -> bool:
        return story.world.slack.faults.quiet

    return look
