"""Parts of ARM's JSON, read defensively: what is not of the documented kind is as good as not there."""

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]


def items(document: Document, collection: str) -> Iterator[Document]:
    """The entries of one sub-resource collection; anything that is not an object is passed over."""
    return mappings_of(properties_of(document).get(collection))


def properties_of(item: Document) -> Document:
    """The `properties` of an entry."""
    return mapping_of(item.get("properties"))


def mapping_of(value: object) -> Document:
    """The object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings_of(value: object) -> Iterator[Document]:
    """The objects in a list; anything else in it is passed over."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def text_of(value: object) -> str | None:
    """A text that is not empty."""
    return value if isinstance(value, str) and value else None


def texts_of(value: object) -> tuple[str, ...]:
    """A list of texts; one that stands alone counts as a list of one."""
    found = [value] if isinstance(value, str) else value
    return tuple(str(it) for it in found if it) if isinstance(found, list) else ()


def number_of(value: object) -> int | None:
    """A whole number, also one that is written as a text; a truth value is none."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def id_of(item: Document) -> str:
    """The resource id in lower case, because ARM varies it."""
    return str(item.get("id") or "").lower()


def name_of(item: Document) -> str:
    """The name, else the last part of the id."""
    return str(item.get("name") or id_of(item).rpartition("/")[2])


def reference_of(value: object) -> str | None:
    """The id that a reference points to, in lower case; a bare id counts as one."""
    found = text_of(value) or text_of(mapping_of(value).get("id"))
    return found.lower() if found else None


def references_of(value: object) -> tuple[str, ...]:
    """The ids of a list of references."""
    found = map(reference_of, value) if isinstance(value, list) else ()
    return tuple(reference for reference in found if reference)
