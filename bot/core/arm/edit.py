"""The smallest changes that can be made to a gateway's document, each with its exact opposite.

A gateway is written as a whole, so an edit is a pure function from one ARM document to another that touches
one place. It refuses (`Conflict`) if that place is not as it expects: what was shown is what is done.
`apply(undone(edit), apply(edit, document)) == document` for every document that the edit accepts, where an empty
list and none at all count as the same, as they do to Azure.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from bot.core.arm.gateway_reader import Document, items

Json = dict[str, Any]


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
    changed: Json = copy.deepcopy(dict(document))
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
    return f"{document['id']}/{collection}/{name}"


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
    properties: Json = document.setdefault("properties", {})
    entries: list[Any] = list(properties.get(edit.collection) or [])
    at = _position(document, edit.collection, edit.name)
    if edit.action == "add":
        if at is not None:
            raise Conflict(f"{edit.place} exists already")
        entries.append(
            {
                "name": edit.name,
                "id": sub_resource_id(document, edit.collection, edit.name),
                "properties": copy.deepcopy(dict(edit.properties)),
            }
        )
        properties[edit.collection] = entries
        return
    if at is None:
        raise Conflict(f"{edit.place} is no longer there")
    actual = entries[at].get("properties") or {}
    for key, value in edit.properties.items():
        if actual.get(key) != value:
            raise Conflict(f"{edit.place}/{key} was changed by somebody else")
    _refuse_if_referred_to(edit, document)
    del entries[at]
    properties[edit.collection] = entries


def _refuse_if_referred_to(edit: Item, document: Json) -> None:
    target = sub_resource_id(document, edit.collection, edit.name).lower()
    for collection, found in document["properties"].items():
        for entry in found if isinstance(found, list) and collection != edit.collection else ():
            if target in _referred(entry):
                raise Conflict(f"{edit.place} is still referred to by {collection}/{entry['name']}")


def _referred(entry: Any) -> set[str]:
    """Every id that an entry's properties refer to, one level deep and in lists, in lower case."""
    properties = entry.get("properties") if isinstance(entry, Mapping) else None
    values = list(properties.values()) if isinstance(properties, Mapping) else []
    flat = [it for value in values for it in (value if isinstance(value, list) else [value])]
    return {str(it["id"]).lower() for it in flat if isinstance(it, Mapping) and "id" in it}


def _apply_reference(edit: Reference, document: Json) -> None:
    properties = _entry(document, edit.collection, edit.name, edit.place)
    found: list[Any] = list(properties.get(edit.field) or [])
    ids = [str(entry.get("id", "")).lower() for entry in found if isinstance(entry, Mapping)]
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
        properties[edit.field] = copy.deepcopy(edit.after)


def _entry(document: Json, collection: str, name: str, place: str) -> Json:
    at = _position(document, collection, name)
    if at is None:
        raise Conflict(f"{place}: {name} is no longer there")
    entry: Json = document["properties"][collection][at]
    properties: Json = entry.setdefault("properties", {})
    return properties


def _position(document: Document, collection: str, name: str) -> int | None:
    names = [str(item.get("name", "")).lower() for item in items(document, collection)]
    return names.index(name.lower()) if name.lower() in names else None


def _last(resource_id: str) -> str:
    return resource_id.rpartition("/")[2]
