"""What a list of edits makes of each entry that it touches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.arm import edit
from bot.core.arm.document import Document, list_of, mapping_of, member_of, text_of
from bot.core.arm.edit import Edit, Item
from bot.core.model.gateway import is_ip
from bot.core.remedies import edit_builder


@dataclass(frozen=True, slots=True)
class TouchedEntry:
    """One entry of a collection: `values` are the properties that change, as they are afterwards.

    None: the property is taken away. `added`: the entry is new, and `values` are all it has.
    """

    collection: str
    name: str
    added: bool
    values: Mapping[str, Any]


def touched(edits: tuple[Edit, ...], document: Document) -> tuple[TouchedEntry, ...]:
    """The entries, each once: first the new ones, so that the others may refer to them, else in the edits' order.

    Raises:
        Conflict: the edits do not fit the document.
    """
    after = edit.apply(edits, document)
    fields: dict[tuple[str, str], list[str]] = {}
    for one in edits:
        names = one.properties if isinstance(one, Item) else (one.field,)
        fields.setdefault((one.collection, one.name), []).extend(names)
    new = {(one.collection, one.name) for one in edits if isinstance(one, Item)}
    parts = [
        TouchedEntry(
            collection=collection,
            name=name,
            added=(collection, name) in new,
            values={it: edit_builder.raw_value(after, collection, name, it) for it in names},
        )
        for (collection, name), names in fields.items()
    ]
    return tuple(sorted(parts, key=lambda part: not part.added))


def names_of(references: Any) -> list[str]:
    """The names at the ends of a list of resource ids; what is no reference is passed over."""
    ids = (text_of(mapping_of(it).get("id")) for it in list_of(references))
    return [it.rpartition("/")[2] for it in ids if it]


def fqdns_of(addresses: Any) -> list[str]:
    """The members of a pool that are names."""
    return [it for it in _members(addresses) if not is_ip(it)]


def ips_of(addresses: Any) -> list[str]:
    """The members of a pool that are addresses."""
    return [it for it in _members(addresses) if is_ip(it)]


def _members(addresses: Any) -> Iterator[str]:
    return (it for it in map(member_of, list_of(addresses)) if it)
