"""The documents of App Service Environments that may be behind a gateway, by plain GETs.

A gateway without private pool members costs no request. If its private members are all environments in its own
subscription, no other subscription is read; otherwise each one without environments costs one request.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.aside import aside
from bot.azure.connection import Connection
from bot.azure.deadline import Deadline
from bot.azure.errors import Trouble
from bot.azure.failures import Call, CallFailed, call_arm
from bot.core.arm.document import Document
from bot.core.arm.environment_reader import (
    EnvironmentDocuments,
    environment_id_in,
    inbound,
    is_internal,
    version,
)
from bot.core.arm.gateway_reader import read_gateway
from bot.core.arm.listing_reader import Page, read_page
from bot.core.model.app_service_environment import private_members
from bot.core.model.marked import mark
from bot.core.model.unavailable import Unavailable

API_VERSION = "2025-05-01"

MOST_SUBSCRIPTIONS = 32
MOST_ENVIRONMENTS = 8
MOST_PAGES = 5
"""Limits: other subscriptions read, environments per subscription whose addresses are read, pages of a list."""

AT_ONCE = 8
"""Subscriptions that are read in parallel."""

_PROVIDER = "providers/Microsoft.Web"
_ACTION = "Microsoft.Web/hostingEnvironments"

# https://learn.microsoft.com/azure/role-based-access-control/permissions/web-and-mobile, Microsoft.Web
_LIST = Call("list the App Service Environments", f"{_ACTION}/read")
_VIRTUAL_IP = Call("read the addresses of an App Service Environment", f"{_ACTION}/capacities/read")
_NETWORKING = Call(
    "read the addresses of an App Service Environment",
    f"{_ACTION}/configurations/networking/read",
)
_CERTIFICATES = Call("list the certificates of App Service", "Microsoft.Web/certificates/read")


async def environment_documents(
    connection: Connection,
    gateway: Document,
    in_use: Callable[[], Awaitable[Sequence[str]]],
    deadline: Deadline,
) -> tuple[EnvironmentDocuments | Unavailable, ...]:
    """The environments behind an ILB, one entry for each subscription read, the gateway's own first.

    A virtual network may be peered with one of another subscription, so an environment may be there too: those
    `in_use` are asked if there is a private pool member that nothing in the gateway's own subscription explains.
    """
    typed = await aside(read_gateway, gateway, {})
    members = private_members(typed)
    if not members:
        return ()
    own = await deadline(_in_subscription(connection, typed.subscription, members))
    if members <= _explained(own):
        return (own,)
    try:
        known = await deadline(in_use())
    except CallFailed as failed:
        known = _not_read(failed.trouble)
    if isinstance(known, Unavailable):
        return own, Unavailable(f"the other subscriptions are not known: {known.reason}")
    others = [it for it in known if it.lower() != typed.subscription.lower()]
    return own, *await _elsewhere(connection, others, members, deadline)


async def _elsewhere(
    connection: Connection,
    subscriptions: Sequence[str],
    members: frozenset[str],
    deadline: Deadline,
) -> tuple[EnvironmentDocuments | Unavailable, ...]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(subscription: str) -> EnvironmentDocuments | Unavailable:
        async with turns:
            found = await deadline(_in_subscription(connection, subscription, members))
        if isinstance(found, Unavailable):
            return Unavailable(f"in subscription {mark(subscription)}, {found.reason}")
        return found

    asked_of, rest = subscriptions[:MOST_SUBSCRIPTIONS], subscriptions[MOST_SUBSCRIPTIONS:]
    found = await asyncio.gather(*map(look, asked_of))
    unasked = Unavailable("there are too many subscriptions to read them all")
    return (*found, unasked) if rest else tuple(found)


async def _in_subscription(
    connection: Connection, subscription: str, members: frozenset[str]
) -> EnvironmentDocuments | Unavailable:
    """Certificates are read only if a v2 environment is among the pool members."""
    scope = f"/subscriptions/{subscription}/{_PROVIDER}"
    listed = await _listed(connection, f"{scope}/hostingEnvironments", _LIST)
    if isinstance(listed, Unavailable):
        return listed
    found = await _with_addresses(connection, [it for it in listed if is_internal(it)])
    if any(version(it) == "v2" and members.intersection(inbound(at)) for it, at in found):
        certificates = await _listed(connection, f"{scope}/certificates", _CERTIFICATES)
        return EnvironmentDocuments(found, certificates)
    return EnvironmentDocuments(found)


def _explained(part: EnvironmentDocuments | Unavailable) -> frozenset[str]:
    """The addresses of the environments found."""
    found = () if isinstance(part, Unavailable) else part.environments
    return frozenset(address for _, addresses in found for address in inbound(addresses))


async def _with_addresses(
    connection: Connection, environments: list[Document]
) -> tuple[tuple[Document, Document | Unavailable], ...]:
    asked_of, rest = environments[:MOST_ENVIRONMENTS], environments[MOST_ENVIRONMENTS:]
    addresses = await asyncio.gather(*(_addresses(connection, it) for it in asked_of))
    unasked = Unavailable("there are too many App Service Environments to read them all")
    return (*zip(asked_of, addresses, strict=True), *((it, unasked) for it in rest))


async def _addresses(connection: Connection, environment: Document) -> Document | Unavailable:
    at, call = ("configurations/networking", _NETWORKING)
    if version(environment) == "v2":
        at, call = ("capacities/virtualip", _VIRTUAL_IP)
    where = environment_id_in(environment)
    if where is None:
        return Unavailable("Azure lists an App Service Environment without a resource id")
    try:
        return await call_arm(connection.document(f"{where}/{at}?api-version={API_VERSION}"), call)
    except CallFailed as failed:
        return _not_read(failed.trouble)


async def _listed(
    connection: Connection, url: str, call: Call
) -> tuple[Document, ...] | Unavailable:
    """All of a list, or none of it: what a part of it lacks would look as if it were not there."""
    found: list[Document] = []
    page = f"{url}?api-version={API_VERSION}"
    try:
        for _ in range(MOST_PAGES):
            got = await call_arm(_page(connection, page, call), call)
            if got.notes:
                return Unavailable(got.notes[0])
            found += got.entries
            if got.following is None:
                return tuple(found)
            page = got.following
    except CallFailed as failed:
        # Not registered for Microsoft.Web is a sure way to have nothing of it.
        return () if failed.code == "not_registered" else _not_read(failed.trouble)
    return Unavailable("the list is too long to be read whole")


async def _page(connection: Connection, url: str, call: Call) -> Page:
    whose = call.doing.replace("list ", "the list of ", 1)
    return await (await connection.get(url)).read_by(read_page, whose)


def _not_read(trouble: Trouble) -> Unavailable:
    # The usual text for not_found is about gateways.
    return Unavailable("Azure does not show it" if trouble.code == "not_found" else trouble.reason)
