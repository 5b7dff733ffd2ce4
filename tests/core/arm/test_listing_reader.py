"""Lists of gateways and subscriptions, whatever stands in them."""

from typing import Any

import pytest

from bot.core.arm.document import NotReadable
from bot.core.arm.listing_reader import Page, read_listed, read_page, read_subscriptions
from bot.core.model.known_gateway import KnownGateway
from tests.core.make import ID, document, item
from tests.core.plainly import plainly


def test_what_is_known_of_a_listed_document() -> None:
    listeners = [
        item("httpListeners", "a", hostName="a.example"),
        item("httpListeners", "b", hostNames=["b.example", "", "a.example"]),
    ]
    found, notes = read_listed([document(httpListeners=listeners)])
    hosts = ("a.example", "b.example")
    assert found == (KnownGateway(ID, "agw", "rg-test", "s1", hosts, "Running"),)
    assert notes == ()


@pytest.mark.parametrize(
    ("listener", "hosts", "note"),
    [
        (
            {"hostNames": 7},
            (),
            "httpListeners/x/hostNames of {} is the number 7, not a list of texts",
        ),
        ({"hostNames": "odd.example"}, ("odd.example",), None),
        (
            {"hostNames": ["a.example", 7, {}]},
            ("a.example",),
            "httpListeners/x/hostNames/2 of {} is the number 7, not a text",
        ),
        ({"hostName": ["a.example"]}, (), "httpListeners/x/hostName of {} is a list, not a text"),
    ],
)
def test_odd_host_names_harm_neither_their_gateway_nor_its_neighbours(
    listener: dict[str, Any], hosts: tuple[str, ...], note: str | None
) -> None:
    odd = document(httpListeners=[item("httpListeners", "x", **listener)])
    found, notes = read_listed([odd, document()])
    assert [it.hosts for it in found] == [hosts, ("test.appgwtestase.com",)]
    assert plainly(notes[:1]) == ((f"Not read: {note.format('the gateway agw')}",) if note else ())


def test_a_listener_without_properties_is_noted() -> None:
    odd = document(httpListeners=[{"name": "x", "properties": "text"}, 7])
    _, notes = read_listed([odd])
    assert plainly(notes) == (
        "Not read: httpListeners/2 of the gateway agw is the number 7, not an object",
        "Not read: httpListeners/x/properties of the gateway agw is the text 'text', not an object",
    )


@pytest.mark.parametrize("entry", [{}, {"id": 7}, {"id": "/subscriptions/s1"}])
def test_what_has_no_resource_id_is_noted(entry: dict[str, Any]) -> None:
    found, notes = read_listed([entry, document()])
    assert [it.name for it in found] == ["agw"]
    assert notes[0] == "Not read: the gateway number 1 of the list, which has no resource id of one"


def test_a_page_is_read_as_far_as_it_can_be() -> None:
    found = read_page({"value": [{"id": "a"}, "b", None], "nextLink": 7}, "the list")
    assert plainly(found) == Page(
        ({"id": "a"},),
        None,
        (
            "Not read: value/2 of the list is the text 'b', not an object",
            "Not read: value/3 of the list is null, not an object",
            "Not read: nextLink of the list is the number 7, not a text",
        ),
    )
    assert read_page({"value": [], "nextLink": "http://x"}, "the list").following == "http://x"


@pytest.mark.parametrize("answer", [None, [], {}, {"value": None}, {"value": "text"}, 7, "text"])
def test_what_is_no_page_is_none(answer: Any) -> None:
    with pytest.raises(NotReadable, match="is no list"):
        read_page(answer, "the list")


def test_subscriptions_are_texts() -> None:
    listed: list[Any] = [{"subscriptionId": "a"}, {"subscriptionId": 7}, {}]
    assert read_subscriptions(listed) == ("a",)
