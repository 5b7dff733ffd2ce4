"""The subscriptions that the identity can see, and the gateways in them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bot.azure.connection import Connection
from bot.azure.errors import Trouble
from bot.azure.failures import Call, CallFailed, call_arm
from bot.core.arm.document import GATEWAY_API_VERSION, Document
from bot.core.arm.listing_reader import Page, read_page, read_subscriptions
from bot.core.arm.operations import Listed

AT_ONCE = 8
"""Subscriptions that are read in parallel."""

# https://learn.microsoft.com/rest/api/resources/subscriptions/list
_SUBSCRIPTIONS = "/subscriptions?api-version=2022-12-01"
_LIST_SUBSCRIPTIONS = Call("list the subscriptions", "Microsoft.Resources/subscriptions/read")


async def visible_subscriptions(connection: Connection) -> tuple[str, ...]:
    """The ids of all subscriptions that the identity can see; CallFailed if there are none."""
    found: list[str] = []
    async for page in _pages(connection, _SUBSCRIPTIONS, _LIST_SUBSCRIPTIONS):
        found += read_subscriptions(page.entries)
    if not found:
        nothing = Trouble(
            "no_subscription",
            "the bot's identity sees none",
            "Assign it the Reader role on a subscription or a resource group.",
        )
        raise CallFailed(_LIST_SUBSCRIPTIONS, nothing)
    return tuple(found)


async def _pages(connection: Connection, url: str, call: Call) -> AsyncIterator[Page]:
    """Every page of a list, each once: a list that leads back into itself ends there."""
    asked: set[str] = set()
    following: str | None = url
    while following is not None and following not in asked:
        asked.add(following)
        page = await call_arm(_page(connection, following), call)
        yield page
        following = page.following


async def _page(connection: Connection, url: str) -> Page:
    return read_page((await connection.get(url)).body, "the list")


async def gateways(connection: Connection, subscriptions: Sequence[str]) -> Listed:
    """The gateways of some subscriptions; one that cannot be read is a gap, as long as another can.

    Raises:
        CallFailed: none of them can be read; it has the first one's reason.
    """
    turns = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_try(connection, each, turns)) for each in subscriptions]
    answers = [task.result() for task in tasks]
    failed = [each for each in answers if isinstance(each, CallFailed)]
    if failed and len(failed) == len(answers):
        raise failed[0]
    read = [each for each in answers if isinstance(each, _Read)]
    return Listed(
        gateways=tuple(it for each in read for it in each.gateways),
        gaps=(*(each.message for each in failed), *(it for each in read for it in each.gaps)),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """The gateways of one subscription, and what of their list could not be read."""

    gateways: tuple[Document, ...] = ()
    gaps: tuple[str, ...] = ()


async def _try(
    connection: Connection, subscription: str, turns: asyncio.Semaphore
) -> _Read | CallFailed:
    async with turns:
        try:
            return await _gateways_of(connection, subscription)
        except CallFailed as failed:
            # Not registered for Microsoft.Network is a sure way to have no gateway.
            return _Read() if failed.code == "not_registered" else failed


async def _gateways_of(connection: Connection, subscription: str) -> _Read:
    call = Call(
        f"list the gateways of subscription {subscription}",
        "Microsoft.Network/applicationGateways/read",
    )
    # The SDK's own list stops at the first entry that it cannot read.
    url = (
        f"/subscriptions/{subscription}/providers/Microsoft.Network/applicationGateways"
        f"?api-version={GATEWAY_API_VERSION}"
    )
    found: list[Document] = []
    gaps: list[str] = []
    async for page in _pages(connection, url, call):
        found += page.entries
        gaps += (f"Could not {call.doing} whole: {note}." for note in page.notes)
    return _Read(tuple(found), tuple(gaps))
