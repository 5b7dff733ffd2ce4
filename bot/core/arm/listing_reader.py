"""ARM's lists -> pages, subscriptions, and the gateways that people may mean.

A list is not thrown away because of one entry: what can be read of it is, and a note says what cannot.
Shapes: https://learn.microsoft.com/rest/api/application-gateway/application-gateways/list-all and
https://learn.microsoft.com/rest/api/resources/subscriptions/list
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.arm.document import Document, NotReadable, text_of
from bot.core.arm.entry import root_entry
from bot.core.arm.routing_reader import listener_hosts
from bot.core.arm.unfollowed import LISTENERS
from bot.core.model.known_gateway import KnownGateway, known_by_id
from bot.core.model.marked import mark


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its entries, where the next one is, and what of it could not be read."""

    entries: tuple[Document, ...]
    following: str | None
    notes: tuple[str, ...]


def read_page(answer: object, whose: str) -> Page:
    """The page in an answer; `whose` says of what it is a list, as in "the list of gateways".

    Raises:
        NotReadable: it is no page of a list at all.
    """
    root = root_entry(answer, whose)
    if not root.is_list("value"):
        raise NotReadable("is no list, though one was asked for")
    entries = tuple(it.found for it in root.entries("value"))
    return Page(entries, root.text("nextLink"), root.notes.all)


def read_subscriptions(entries: Iterable[Document]) -> tuple[str, ...]:
    """The ids of the subscriptions that a list names."""
    found = (root_entry(it, "the list of subscriptions").text("subscriptionId") for it in entries)
    return tuple(it for it in found if it is not None)


def read_listed(
    gateways: Iterable[Document],
) -> tuple[tuple[KnownGateway, ...], tuple[str, ...]]:
    """The gateways that were listed, and what could not be read of some."""
    known: list[KnownGateway] = []
    notes: list[str] = []
    for number, document in enumerate(gateways, 1):
        root = root_entry(document, f"the gateway {_called(document, number)}")
        listeners = root.properties.entries(LISTENERS)
        hosts = dict.fromkeys(host for it in listeners for host in listener_hosts(it))
        state = root.properties.text("operationalState") or ""
        found = known_by_id(root.text("id") or "", tuple(hosts), state)
        if found is not None:
            known.append(found)
        else:
            notes.append(f"Not read: {root.notes.whose}, which has no resource id of one")
        notes += root.notes.all
    return tuple(known), tuple(notes)


def _called(document: Document, number: int) -> str:
    name = text_of(document.get("name"))
    return mark(name) if name else f"number {number} of the list"
