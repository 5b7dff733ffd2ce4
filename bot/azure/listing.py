"""Which subscriptions there are, and which gateways are in them."""

import asyncio
from collections.abc import Sequence

from bot.azure.connection import Connection
from bot.azure.errors import Trouble
from bot.azure.failures import Call, CallFailed, call_arm
from bot.core.arm.gateway_reader import Document
from bot.core.arm.operations import Listed

AT_ONCE = 8
"""Subscriptions that are read side by side."""

# https://learn.microsoft.com/rest/api/resources/subscriptions/list
_SUBSCRIPTIONS = "/subscriptions?api-version=2022-12-01"
_LIST_SUBSCRIPTIONS = Call("list the subscriptions", "Microsoft.Resources/subscriptions/read")


async def visible_subscriptions(connection: Connection) -> tuple[str, ...]:
    """The ids of all subscriptions that the identity can see; CallFailed if there is none."""
    found: list[str] = []
    url: str | None = _SUBSCRIPTIONS
    while url:
        ids, url = await call_arm(_page(connection, url), _LIST_SUBSCRIPTIONS)
        found += ids
    if not found:
        nothing = Trouble(
            "no_subscription",
            "the bot's identity sees none",
            "Give it the role Reader on a subscription or a resource group.",
        )
        raise CallFailed(_LIST_SUBSCRIPTIONS, nothing)
    return tuple(found)


async def _page(connection: Connection, url: str) -> tuple[list[str], str | None]:
    body = (await connection.get(url)).body
    if not isinstance(body, dict) or not isinstance(body.get("value"), list):
        raise ValueError("not a page of a list")
    ids = [each.get("subscriptionId") for each in body["value"] if isinstance(each, dict)]
    return [each for each in ids if isinstance(each, str)], body.get("nextLink")


async def gateways(connection: Connection, subscriptions: Sequence[str]) -> Listed:
    """The gateways of some subscriptions; one that cannot be read is a gap, if another one can.

    Raises:
        CallFailed: none of them can be read; the first one's reason.
    """
    turns = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_try(connection, each, turns)) for each in subscriptions]
    answers = [task.result() for task in tasks]
    failed = [each for each in answers if isinstance(each, CallFailed)]
    if failed and len(failed) == len(answers):
        raise failed[0]
    return Listed(
        gateways=tuple(it for each in answers if isinstance(each, list) for it in each),
        gaps=tuple(each.message for each in failed),
    )


async def _try(
    connection: Connection, subscription: str, turns: asyncio.Semaphore
) -> list[Document] | CallFailed:
    async with turns:
        try:
            return await _gateways_of(connection, subscription)
        except CallFailed as failed:
            # Not registered for Microsoft.Network is a sure way to have no gateway.
            return [] if failed.code == "not_registered" else failed


async def _gateways_of(connection: Connection, subscription: str) -> list[Document]:
    call = Call(
        f"list the gateways of subscription {subscription}",
        "Microsoft.Network/applicationGateways/read",
    )
    found: list[Document] = []
    pages = connection.network(subscription).application_gateways.list_all().by_page()
    while (page := await call_arm(anext(pages, None), call)) is not None:
        found += [gateway.as_dict() async for gateway in page]
    return found
