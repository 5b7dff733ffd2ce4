"""The smallest changes that can be made to a gateway's document, each with its exact opposite.

A gateway is written as a whole, so an edit is a pure function from one ARM document to another that touches
one place. It refuses (`Conflict`) if that place is not as it expects: what was shown is what is done.
`apply(undone(edit), apply(edit, document)) == document` for every document that the edit accepts, where an empty
list and none at all count as the same, as they do to Azure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from bot.core.arm.document import (
    Document,
    Json,
    copied,
    is_list,
    is_object,
    list_of,
    mapping_of,
    name_of,
    properties_of,
    reference_of,
    text_of,
)


class Conflict(Exception):
    """The place that an edit wants to touch is not as expected; the text says what is there."""


@dataclass(frozen=True, slots=True)
class Item:
    """Add or remove one entry of a sub-resource collection, e.g. one authentication certificate."""

    action: Literal["add", "remove"]
    collection: str
    name: str
    properties: Document

    @property
    def place(self) -> str:
        """Where in the document it acts."""
        return f"{self.collection}/{self.name}"


@dataclass(frozen=True, slots=True)
class Reference:
    """Add or remove one id in a list of references, e.g. a certificate in HTTP settings."""

    action: Literal["add", "remove"]
    collection: str
    name: str
    field: str
    target: str

    @property
    def place(self) -> str:
        """Where in the document it acts."""
        return f"{self.collection}/{self.name}/{self.field}"


@dataclass(frozen=True, slots=True)
class Value:
    """Set one property of one entry; `before` None means: was not there, `after` None: is taken away."""

    collection: str
    name: str
    field: str
    before: Any
    after: Any

    @property
    def place(self) -> str:
        """Where in the document it acts."""
        return f"{self.collection}/{self.name}/{self.field}"


Edit = Item | Reference | Value


def apply(edits: Iterable[Edit], document: Document) -> Json:
    """The document with all edits made, in order; the given one stays as it was.

    Raises:
        Conflict: a place is not as an edit expects it.
    """
    changed: Json = copied(document)
    for edit in edits:
        _apply_one(edit, changed)
    return changed


def undone(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The opposite of the edits, last first."""
    return tuple(_opposite(edit) for edit in reversed(tuple(edits)))


def holds(edits: Iterable[Edit], document: Document) -> bool:
    """Whether the document already is as it would be after the edits (their opposite could be made)."""
    try:
        apply(undone(edits), document)
    except Conflict:
        return False
    return True


def sub_resource_id(document: Document, collection: str, name: str) -> str:
    """The resource id of a gateway's sub-resource."""
    return f"{text_of(document.get('id')) or ''}/{collection}/{name}"


def _opposite(edit: Edit) -> Edit:
    match edit:
        case Item(action, collection, name, properties):
            return Item(_other(action), collection, name, properties)
        case Reference(action, collection, name, field, target):
            return Reference(_other(action), collection, name, field, target)
        case Value(collection, name, field, before, after):
            return Value(collection, name, field, after, before)
        case _ as never:
            assert_never(never)


def _other(action: Literal["add", "remove"]) -> Literal["add", "remove"]:
    return "remove" if action == "add" else "add"


def _apply_one(edit: Edit, document: Json) -> None:
    match edit:
        case Item():
            _apply_item(edit, document)
        case Reference():
            _apply_reference(edit, document)
        case Value():
            _apply_value(edit, document)
        case _ as never:
            assert_never(never)


def _apply_item(edit: Item, document: Json) -> None:
    properties = _changeable_properties(document, edit.place)
    entries = _changeable_list(properties, edit.collection, edit.place)
    at = _position(entries, edit.name)
    if edit.action == "add":
        if at is not None:
            raise Conflict(f"{edit.place} exists already")
        entries.append(
            {
                "name": edit.name,
                "id": sub_resource_id(document, edit.collection, edit.name),
                "properties": copied(edit.properties),
            }
        )
        properties[edit.collection] = entries
        return
    if at is None:
        raise Conflict(f"{edit.place} is no longer there")
    actual = properties_of(entries[at])
    for key, value in edit.properties.items():
        if actual.get(key) != value:
            raise Conflict(f"{edit.place}/{key} was changed by somebody else")
    _refuse_if_referred_to(edit, document)
    del entries[at]
    properties[edit.collection] = entries


def _refuse_if_referred_to(edit: Item, document: Json) -> None:
    target = sub_resource_id(document, edit.collection, edit.name).lower()
    for collection, found in properties_of(document).items():
        for entry in map(mapping_of, list_of(found) if collection != edit.collection else ()):
            if target in _referred(entry):
                raise Conflict(
                    f"{edit.place} is still referred to by {collection}/{name_of(entry)}"
                )


def _referred(entry: Document) -> Iterator[str | None]:
    """Every id that an entry's properties refer to, one level deep and in lists, in lower case."""
    for value in properties_of(entry).values():
        yield from map(reference_of, list_of(value) if is_list(value) else (value,))


def _apply_reference(edit: Reference, document: Json) -> None:
    properties = _entry(document, edit.collection, edit.name, edit.place)
    found = _changeable_list(properties, edit.field, edit.place)
    ids = list(map(reference_of, found))
    there = edit.target.lower() in ids
    if edit.action == "add":
        if there:
            raise Conflict(f"{edit.place} refers to {_last(edit.target)} already")
        properties[edit.field] = [*found, {"id": edit.target}]
        return
    if not there:
        raise Conflict(f"{edit.place} no longer refers to {_last(edit.target)}")
    del found[ids.index(edit.target.lower())]
    if found:
        properties[edit.field] = found
    else:
        del properties[edit.field]


def _apply_value(edit: Value, document: Json) -> None:
    properties = _entry(document, edit.collection, edit.name, edit.place)
    actual = properties.get(edit.field)
    if actual != edit.before:
        raise Conflict(f"{edit.place} is {actual!r}, not {edit.before!r}")
    if edit.after is None:
        properties.pop(edit.field, None)
    else:
        properties[edit.field] = copied(edit.after)


def _entry(document: Json, collection: str, name: str, place: str) -> Json:
    entries = list_of(properties_of(document).get(collection))
    at = _position(entries, name)
    if at is None:
        raise Conflict(f"{place}: {name} is no longer there")
    return _changeable_properties(entries[at], place)


def _position(entries: list[Any], name: str) -> int | None:
    """Where in the list the entry of this name is; whatever else is in it counts as well."""
    names = [name_of(mapping_of(it)).lower() for it in entries]
    return names.index(name.lower()) if name.lower() in names else None


def _changeable_properties(holder: Json, place: str) -> Json:
    properties: Json = {} if holder.get("properties") is None else holder["properties"]
    if not is_object(properties):
        raise Conflict(f"{place}: its properties are no object")
    holder["properties"] = properties
    return properties


def _changeable_list(properties: Json, field: str, place: str) -> list[Any]:
    """A copy of a list, empty where there is none."""
    found = properties.get(field)
    if found is not None and not is_list(found):
        raise Conflict(f"{place}: {field} is no list")
    return [*list_of(found)]


def _last(resource_id: str) -> str:
    return resource_id.rpartition("/")[2]
