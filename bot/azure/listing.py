"""The subscriptions that the identity can see, and the gateways in them.

Lists are bounded: in pages, in bytes and in time. Where one ends early, what was read is kept, and what is missing is
said; other subscriptions are read all the same.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bot.aside import aside
from bot.azure.bounded import MEBIBYTE, MOST_BYTES
from bot.azure.connection import Connection
from bot.azure.errors import Trouble
from bot.azure.failures import Call, CallFailed, call_arm
from bot.core.arm.document import GATEWAY_API_VERSION, Document
from bot.core.arm.listing_reader import Page, read_page, read_subscriptions
from bot.core.arm.operations import Listed

AT_ONCE = 8
"""Subscriptions that are read in parallel."""

MOST_PAGES = 100
"""Pages of one list; a subscription holds at most 1,000 gateways
(https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits)."""

MOST_OF_A_LIST = 4 * MOST_BYTES
"""Bytes of one list. A gateway's document has about 50 KB."""

MOST_OF_ALL = 16 * MOST_BYTES
"""Bytes of all lists together: what they cost in memory is a few times as much."""

LIST_WITHIN = 10.0
ALL_WITHIN = 25.0
"""Seconds for the list of one subscription, and for finding all gateways."""

# https://learn.microsoft.com/rest/api/resources/subscriptions/list
SUBSCRIPTIONS = "/subscriptions?api-version=2022-12-01"
LIST_SUBSCRIPTIONS = Call("list the subscriptions", "Microsoft.Resources/subscriptions/read")


async def visible_subscriptions(connection: Connection) -> tuple[str, ...]:
    """The ids of the subscriptions that the identity can see; CallFailed if there are none."""
    return (await _subscriptions(connection, _Budget(LIST_WITHIN)))[0]


async def _subscriptions(
    connection: Connection, budget: "_Budget"
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Their ids, and what is missing."""
    listed = await _whole_list(connection, SUBSCRIPTIONS, LIST_SUBSCRIPTIONS, budget)
    found = await aside(read_subscriptions, listed.entries)
    if not found:
        nothing = Trouble(
            "no_subscription",
            "the bot's identity sees none",
            "Assign it the Reader role on a subscription or a resource group.",
        )
        raise CallFailed(LIST_SUBSCRIPTIONS, nothing)
    return found, listed.gaps


async def gateways(
    connection: Connection, subscriptions: Sequence[str], within: float = ALL_WITHIN
) -> Listed:
    """The gateways of some subscriptions, or of all that the identity sees; one that cannot be read is a gap, as long
    as another can.

    Raises:
        CallFailed: none of them can be read; it has the first one's reason.
    """
    budget = _Budget(within)
    gaps: tuple[str, ...] = ()
    if not subscriptions:
        subscriptions, gaps = await _subscriptions(connection, budget)
    turns = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_try(connection, each, turns, budget)) for each in subscriptions]
    answers = [task.result() for task in tasks]
    failed = [each for each in answers if isinstance(each, CallFailed)]
    if failed and len(failed) == len(answers):
        raise failed[0]
    read = [each for each in answers if isinstance(each, _Read)]
    return Listed(
        gateways=tuple(it for each in read for it in each.entries),
        gaps=(
            *gaps,
            *(each.message for each in failed),
            *(it for each in read for it in each.gaps),
        ),
    )


class _Budget:
    """What may be spent on lists: time, and bytes of all of them together."""

    def __init__(self, within: float) -> None:
        self._within = within
        self._clock = asyncio.get_running_loop().time
        self._end = self._clock() + within
        self._room = MOST_OF_ALL

    def spend(self, size: int) -> None:
        self._room -= size

    @property
    def is_spent(self) -> bool:
        return self._room <= 0

    @property
    def left(self) -> float:
        """Seconds for one list that begins now."""
        return min(LIST_WITHIN, self._end - self._clock())


_ONLY_SOME = "Set AGW_SUBSCRIPTIONS to those that are needed, and check AGW_ARM_URL."


@dataclass(frozen=True, slots=True)
class _Read:
    """What a list holds, and what of it is missing."""

    entries: tuple[Document, ...] = ()
    gaps: tuple[str, ...] = ()


async def _try(
    connection: Connection, subscription: str, turns: asyncio.Semaphore, budget: _Budget
) -> _Read | CallFailed:
    call = Call(
        f"list the gateways of subscription {subscription}",
        "Microsoft.Network/applicationGateways/read",
    )
    # The SDK's own list stops at the first entry that it cannot read.
    url = (
        f"/subscriptions/{subscription}/providers/Microsoft.Network/applicationGateways"
        f"?api-version={GATEWAY_API_VERSION}"
    )
    async with turns:
        try:
            return await _whole_list(connection, url, call, budget)
        except CallFailed as failed:
            # Not registered for Microsoft.Network is a sure way to have no gateway.
            return _Read() if failed.code == "not_registered" else failed


async def _whole_list(connection: Connection, url: str, call: Call, budget: _Budget) -> _Read:
    """Everything in a list, or what was read of it until something stopped that, which is then a gap.

    Raises:
        CallFailed: not even its first page could be read.
    """
    entries: list[Document] = []
    notes: list[str] = []
    try:
        async with asyncio.timeout(budget.left):
            async for page in _pages(connection, url, call, budget):
                entries += page.entries
                notes += page.notes
    except (_Cut, TimeoutError, CallFailed) as stopped:
        if not entries and isinstance(stopped, CallFailed):
            raise
        why = _because(stopped)
        if not entries:
            raise CallFailed(call, Trouble("too_much", why, _ONLY_SOME)) from stopped
        notes.append(why)
    return _Read(tuple(entries), tuple(f"Could not {call.doing} whole: {it}." for it in notes))


class _Cut(Exception):
    """A list that is not read any further; the message is a clause."""


def _because(stopped: Exception) -> str:
    match stopped:
        case CallFailed():
            return f"the next page could not be read: {stopped.trouble.reason}"
        case TimeoutError():
            return "there was no time for it"
        case _:
            return str(stopped)


async def _pages(
    connection: Connection, url: str, call: Call, budget: _Budget
) -> AsyncIterator[Page]:
    """Every page of a list, each once.

    Raises:
        _Cut: there is more of it than is read.
    """
    asked: set[str] = set()
    room = MOST_OF_A_LIST
    following: str | None = connection.whole(url)
    while following is not None:
        if following in asked:
            raise _Cut("its pages lead back to one that was read already")
        if len(asked) == MOST_PAGES:
            raise _Cut(f"it has more than {MOST_PAGES} pages")
        if room <= 0 or budget.is_spent:
            raise _Cut(
                f"it is longer than {MOST_OF_A_LIST // MEBIBYTE} MB, or all lists together are too long"
            )
        asked.add(following)
        page, size = await call_arm(_page(connection, following), call)
        yield page
        room -= size
        budget.spend(size)
        following = page.following


async def _page(connection: Connection, url: str) -> tuple[Page, int]:
    got = await connection.get(url)
    return await got.read_by(read_page, "the list"), got.size
