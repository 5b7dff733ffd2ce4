"""The one reader of unknown JSON: every kind of value where another one belongs."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.document import (
    DEEPEST,
    NotReadable,
    decimal_of,
    document_of,
    id_of,
    member_of,
    name_of,
    number_of,
    parse_json,
    reference_of,
    text_of,
    without_surrogates,
)
from bot.core.arm.entry import MOST_NOTES, root_entry
from tests.core.plainly import plainly


def told(found: Any, *read: Any) -> tuple[str, ...]:
    """The notes of a document, after something was read of it."""
    assert read is not None
    return tuple(it.removeprefix("Not read: ") for it in found.notes.all)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        (7.0, 7),
        ("7", 7),
        (" 7 ", 7),
        ("-7", -7),
        ("7.0", 7),
        (7.5, None),
        ("7.5", None),
        (float("inf"), None),
        (True, None),
        ("seven", None),
        ("\u0667", None),
        ("9" * 5000, None),
        ([], None),
        ({}, None),
        (None, None),
    ],
)
def test_numbers_may_be_written_as_texts(value: object, number: int | None) -> None:
    assert number_of(value) == number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7.0),
        ("61.5", 61.5),
        ("6e1", 60.0),
        (float("nan"), None),
        (10**400, None),
        (False, None),
        ("x", None),
        ([1], None),
    ],
)
def test_decimals_too(value: object, number: float | None) -> None:
    assert decimal_of(value) == number


@given(st.text(st.characters(), max_size=20))
def test_every_text_can_be_printed(text: str) -> None:
    without_surrogates(text).encode()
    assert text_of(text) == (without_surrogates(text) or None)


def test_a_pair_stays_and_half_of_one_does_not() -> None:
    assert without_surrogates(json.loads(r'"\ud83d\ude00"')) == "\U0001f600"
    assert without_surrogates(json.loads(r'"a\ud83db"')) == "a\ufffdb"
    assert without_surrogates("\u00e9") == "\u00e9"


@pytest.mark.parametrize(
    ("value", "id_"),
    [("/A", "/a"), ({"id": "/A"}, "/a"), ({"id": 7}, None), ({}, None), (7, None), ([], None)],
)
def test_references(value: object, id_: str | None) -> None:
    assert reference_of(value) == id_


def test_names_ids_and_members() -> None:
    assert (id_of({"id": "/A/B"}), name_of({"id": "/A/B"}), name_of({"name": "x"})) == (
        "/a/b",
        "b",
        "x",
    )
    assert (id_of({"id": 7}), name_of({"name": []})) == ("", "")
    members = ["a", {"fqdn": "b"}, {"ipAddress": "c"}, {"fqdn": 7}, 7, None]
    assert [member_of(it) for it in members] == ["a", "b", "c", None, None, None]


@pytest.mark.parametrize(
    ("key", "value", "found", "note"),
    [
        ("text", "a", "a", None),
        ("text", "", None, None),
        ("text", None, None, None),
        ("text", 7, None, "text of it is the number 7, not a text"),
        ("text", True, None, "text of it is true, not a text"),
        ("text", 10**30, None, "text of it is a number, not a text"),
        ("text", [], None, "text of it is a list, not a text"),
        ("text", {}, None, "text of it is an object, not a text"),
        ("number", "7", 7, None),
        ("number", "x" * 50, None, f"number of it is the text {'x' * 40!r}..., not a whole number"),
        ("number", -1, None, "number of it is the number -1, not a whole number from 0"),
        ("port", "8443", 8443, None),
        ("port", 0, None, None),
        ("port", 70000, None, "port of it is the number 70000, not a whole number from 0 to 65535"),
        ("decimal", "7.5", 7.5, None),
        ("decimal", "x", None, "decimal of it is the text 'x', not a number"),
        ("flag", False, False, None),
        ("flag", "false", None, "flag of it is the text 'false', not true or false"),
        ("reference", {"id": "/A"}, "/a", None),
        ("reference", {"id": 7}, None, "reference of it is an object, not a reference"),
        ("written", "/A", "/A", None),
        ("texts", ["a", "", "b"], ("a", "b"), None),
        ("texts", ["a", 7], ("a",), "texts/2 of it is the number 7, not a text"),
        ("texts", "a", (), "texts of it is the text 'a', not a list"),
        ("texts", None, (), None),
        ("references", [{"id": "/A"}, "/B"], ("/a", "/b"), None),
        ("references", [7], (), "references/1 of it is the number 7, not a reference"),
    ],
)
def test_each_kind_is_read_or_noted(key: str, value: Any, found: Any, note: str | None) -> None:
    entry = root_entry({key: value}, "it")
    assert getattr(entry, key)(key) == found
    notes = plainly(told(entry))
    assert len(notes) == (note is not None)
    assert not note or notes[0].startswith(note)


@pytest.mark.parametrize(
    ("value", "found", "notes"),
    [
        ("a", ("a",), ()),
        (7, ("7",), ()),
        ([200, "201-204"], ("200", "201-204"), ()),
        ({}, (), ("it of x is an object, not a list of texts",)),
        ([{}], (), ("it/1 of x is an object, not a text",)),
        ("", (), ()),
    ],
)
def test_a_list_of_one_and_numbers_for_texts_where_that_is_usual(
    value: Any, found: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    entry = root_entry({"it": value}, "x")
    assert entry.texts("it", lone=True, numbers=True) == found
    assert plainly(told(entry)) == notes


def test_places_are_told_by_names_and_else_by_numbers() -> None:
    parts = [{"name": "web", "properties": {"port": []}}, {"properties": 7}, "x", None]
    root = root_entry({"properties": {"parts": parts}}, "the gateway")
    web, other = root.properties.entries("parts")
    assert (web.properties.port("port"), other.properties.port("port")) == (None, None)
    assert (web.name, other.name, other.id) == ("web", "2", "parts/2")
    assert (web.is_whole, other.is_whole, root.is_whole) == (False, False, False)
    assert not root.properties.holds_objects("parts")
    assert plainly(told(root)) == (
        "parts/3 of the gateway is the text 'x', not an object",
        "parts/4 of the gateway is null, not an object",
        "parts/web/port of the gateway is a list, not a whole number from 0 to 65535",
        "parts/2/properties of the gateway is the number 7, not an object",
    )


def test_what_was_read_whole_is_whole() -> None:
    root = root_entry({"parts": [{"name": "web"}, {"name": "webs", "port": []}]}, "it")
    web, webs = root.entries("parts")
    assert (web.port("port"), webs.port("port")) == (None, None)
    assert web.is_whole
    assert root.holds_objects("parts")
    assert root.entry("none").is_whole
    assert (root.holds("parts"), root.holds("none")) == (True, False)


@pytest.mark.parametrize("value", [None, [], "text", 7, True])
def test_a_document_that_is_none_is_empty_and_noted(value: Any) -> None:
    root = root_entry(value, "the gateway")
    assert root.found == {}
    assert root.notes.all[0].startswith("Not read: the gateway is ")
    with pytest.raises(NotReadable, match="is not a document"):
        document_of(value)


def test_a_document_is_one() -> None:
    assert document_of({}) == {}


def test_no_more_is_noted_than_anybody_reads() -> None:
    root = root_entry({"parts": list(range(100))}, "it")
    assert root.entries("parts") == ()
    assert len(root.notes.all) == MOST_NOTES + 1
    assert root.notes.all[-1] == f"Not read: {100 - MOST_NOTES} more parts of it"


@pytest.mark.parametrize("text", ["", "<html>", "{", "NaN", '{"a": Infinity}', b"\xff", "9" * 5000])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(NotReadable, match="is not one of Azure's, or cut off"):
        parse_json(text)


@pytest.mark.parametrize("levels", [DEEPEST + 1, 200_000])
@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}")])
def test_what_is_too_deep_is_refused(levels: int, left: str, right: str) -> None:
    with pytest.raises(NotReadable, match="nested more than 64 levels deep"):
        parse_json(f"{left * levels}0{right * levels}")


def test_json_is_read_as_it_is() -> None:
    deep = "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)
    assert json.dumps(parse_json(deep)) == deep
    assert parse_json(b'{"a": [1, "\\ud83d"]}') == {"a": [1, "\ud83d"]}


def test_patience_changes_nothing_of_what_is_read() -> None:
    text = '[1, -2, 1.5, 1e3, {"a": [{"b": 12345678901234567890}, {}]}]'
    assert parse_json(text, patient=True) == parse_json(text) == json.loads(text)
