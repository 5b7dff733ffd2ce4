"""One change from its report to its last word, with everything that its case lets go wrong."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.lab.approving import approve
from bot.lab.azure import Fault, all_healthy
from bot.lab.azure.faults import READ, WRITE, FailLater, LoseAnswer, server_error
from bot.lab.slack import NoSuchElement
from bot.lab.world import CHANNEL, World
from tests.children import Child
from tests.cli.running import started, world_of
from tests.soak.screen import (
    AGAIN,
    APPROVE,
    ENDED,
    WORKING,
    card_text,
    cards,
    diagnosed,
    last_words,
    more_cards,
)
from tests.soak.trouble import Trouble

GATEWAY = "agw-test"
ADA, BEN = "U0ADA", "U0BEN"
_PATIENCE = 300.0
"""Seconds for a change to end after the last kill; a PUT that Azure does not show is looked for during 150 of them."""
_ASKS_AGAIN = 60.0
"""Seconds after which Ben asks again where he got no card, or was told that it could not be done."""
_STARTS = 10
"""How often a replica is started before that counts as a fault."""
_LOOKS_AGAIN = 15.0
"""Seconds after which Ada looks at the card again."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What was seen of a case at its end: PUTs that reached Azure, whether the gateway holds the change and is well,
    the card's text, and the replies in its thread."""

    puts: int
    changed: bool
    well: bool
    card: str
    replies: tuple[str, ...]


async def live(case: Trouble, database: str | None = None) -> Lived:
    """Live through a case. `database` is the URL of an empty one; without it, it is a file.

    Raises:
        TimeoutError: no card came, or the change never ended.
    """
    async with world_of("ilb-ase") as world, AsyncExitStack() as stack:
        settings = dict(world.environment)
        if database is not None:
            settings["AGW_DATABASE_URL"] = database
        replicas = [await _enter(stack, world, settings) for _ in range(case.replicas)]
        before = _properties(world)
        await _reported(world)
        _cause(case, world)
        for number, event in enumerate(case.kills):
            moment = _after(event, world)
            if number == 0:
                await _press(world)
                insisting = asyncio.create_task(_insist(world))
                stack.callback(insisting.cancel)
            await _come_or_ended(moment, world)
            victim = replicas.pop(0)
            victim.kill()
            await victim.wait()
            replicas.append(await _enter(stack, world, settings))
        await _has_ended(world)
        await _quiet(world)
        for each in replicas:
            each.send_signal(signal.SIGTERM)
            await each.wait()
        return _seen(world, before)


async def _enter(stack: AsyncExitStack, world: World, settings: Mapping[str, str]) -> Child:
    return await stack.enter_async_context(_bot(world, settings))


@asynccontextmanager
async def _bot(world: World, settings: Mapping[str, str]) -> AsyncIterator[Child]:
    """A replica that is connected; on a busy machine the database may be late, and then it is started again, as systemd
    does."""
    said = ""
    for _ in range(_STARTS):
        async with started(settings, "serve") as process:
            assert isinstance(process, Child)
            async with asyncio.timeout(60):
                if await process.stdout.readline() != b"agw is connected to Slack.\n":
                    said = (await process.stderr.read()).decode()
                    continue
                await world.slack.wait_connected()
            yield process
            return
    raise AssertionError(f"a bot did not start: {said}")


async def _press(world: World) -> None:
    """Ada presses, and submits the modal; if nothing follows, or the modal is gone, then not."""
    with suppress(TimeoutError, NoSuchElement):
        await approve(world.slack, ADA, CHANNEL, cards(world)[-1]["ts"], APPROVE, timeout=60)


async def _insist(world: World) -> None:
    """A press may have died with a bot before it was stored: Ada sees that the button is still there."""
    while True:
        await asyncio.sleep(_LOOKS_AGAIN)
        if APPROVE in str(cards(world)[-1]["blocks"]):
            await _press(world)


async def _reported(world: World) -> None:
    """Until the card has its button. On a busy machine a diagnosis may be cut short, or the database be late for it,
    which the bot says: then Ben asks again."""
    async with asyncio.timeout(2 * _PATIENCE):
        await world.slack.post(BEN, CHANNEL, f"502 from gateway {GATEWAY}")
        while True:
            card = await _within(world, lambda: diagnosed(world))
            if card is None:
                await world.slack.post(BEN, CHANNEL, f"502 from gateway {GATEWAY}")
                continue
            if APPROVE in str(card["blocks"]):
                return
            count = len(cards(world))
            await world.slack.click(BEN, CHANNEL, card["ts"], AGAIN)
            await _within(world, partial(more_cards, world, count))


async def _within(world: World, look: Callable[[], Any]) -> Any:
    """What it finds, or nothing where that takes so long that people ask again."""
    try:
        return await world.slack.wait_for(look, timeout=_ASKS_AGAIN)
    except TimeoutError:
        return None


def _cause(case: Trouble, world: World) -> None:
    match case.azure:
        case "answer lost":
            world.azure.set_fault(Fault(LoseAnswer(), action=WRITE, times=1))
        case "reads refused":
            world.azure.set_fault(server_error(READ, status=503, times=3))
        case "operation fails":
            world.azure.set_fault(Fault(FailLater(), action=WRITE, times=1))
        case "none":
            pass
    match case.slack:
        case "edits refused":
            world.slack.faults.fail_with_status("chat.update", 503, times=4)
        case "posts refused":
            world.slack.faults.fail_with_status("chat.postMessage", 503, times=2)
        case "posts limited":
            world.slack.faults.rate_limit("chat.postMessage", 1, times=2)
        case "answer lost":
            world.slack.faults.drop_answer("chat.postMessage", times=1)
        case "none":
            pass


def _after(count: int, world: World) -> asyncio.Event:
    """Set at the event with this number, among Azure's requests and Slack's messages together."""
    reached, left = asyncio.Event(), count

    def one(_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            reached.set()

    world.azure.subscribe(one)
    world.slack.subscribe(one)
    return reached


async def _come_or_ended(moment: asyncio.Event, world: World) -> None:
    """Until the moment of the kill has come, or there is nothing left that a kill could interrupt."""
    waiting: set[asyncio.Task[object]] = {
        asyncio.create_task(moment.wait()),
        asyncio.create_task(_has_ended(world)),
    }
    _, left = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=_PATIENCE)
    for it in left:
        it.cancel()
    await asyncio.wait(waiting)


async def _has_ended(world: World) -> None:
    def ended() -> bool:
        text = card_text(world)
        return any(it in text for it in ENDED) and not any(it in text for it in WORKING)

    await world.slack.wait_for(ended, timeout=_PATIENCE)


async def _quiet(world: World) -> None:
    """Until the last word has had time to arrive in the thread as well."""
    try:
        await world.slack.wait_for(lambda: bool(last_words(world)), timeout=60)
    except TimeoutError:
        return  # Judged as a last word that is missing.


def _properties(world: World) -> object:
    """What a change may change of the gateway."""
    properties = world.azure.gateway(GATEWAY)["properties"]
    return [properties["authenticationCertificates"], properties["backendHttpSettingsCollection"]]


def _seen(world: World, before: object) -> Lived:
    return Lived(
        puts=sum(it.method == "PUT" for it in world.azure.requests),
        changed=_properties(world) != before,
        well=all_healthy(world.azure.health(GATEWAY)),
        card=card_text(world),
        replies=tuple(last_words(world)),
    )
