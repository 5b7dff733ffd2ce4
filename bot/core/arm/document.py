"""The one place that looks into unknown JSON.

Whatever a document holds, it is read: what is of another kind than it should be counts as not there, and becomes one
note that says what it is, and where. `null`, an empty text and nothing at all are the same, as they are to Azure.
Numbers may be written as texts, and some lists of one as that one: published documents hold both.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

Document = Mapping[str, Any]
"""A JSON object as it came; nobody changes it."""

Json = dict[str, Any]
"""A JSON object in the making."""

DEEPEST = 64
"""Levels of lists and objects in each other; a gateway's document has about ten."""

TOO_DEEP = f"is nested more than {DEEPEST} levels deep, as no document of Azure's is"
NOT_JSON = "is not one of Azure's, or cut off"
"""Clauses about an answer."""

MOST_NOTES = 12
"""Notes of one document: who reads of twelve odd parts needs no list of the other thousand."""

_SHOWN = 40
"""Characters of an odd value, or of a name in a place, that a note repeats."""

_GREATEST = 2**31 - 1
"""ARM's whole numbers have 32 bits."""

_FINITE = 1e300

_WHOLE = re.compile(r"-?[0-9]{1,10}(\.0{1,10})?")
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?")


class NotReadable(ValueError):
    """A text that is no JSON, or none that Azure would send; the message is a clause about the answer."""


def parse_json(text: str | bytes) -> Any:
    """The JSON in an answer.

    Raises:
        NotReadable: it is none, or so deep that no document of Azure's is.
    """
    try:
        found = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise NotReadable(TOO_DEEP) from None
    except ValueError:
        raise NotReadable(NOT_JSON) from None
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return found
    raise NotReadable(TOO_DEEP)


def document_of(value: object) -> Document:
    """What has to be an object.

    Raises:
        NotReadable: it is none.
    """
    found = object_of(value)
    if found is None:
        raise NotReadable("is not a document")
    return found


@dataclass(slots=True)
class Notes:
    """What of one document could not be read, each place once, in the order in which it was met."""

    whose: str
    _found: dict[str, str] = field(default_factory=dict)

    def add(self, place: str, value: object, wanted: str) -> None:
        """One more: what was found there, and what should be."""
        of = f"{place} of {self.whose}" if place else self.whose
        self._found[place] = f"Not read: {of} is {_kind(value)}, not {wanted}"

    def has(self, place: str) -> bool:
        """Whether what is at this very place could not be read."""
        return place in self._found

    def within(self, place: str) -> bool:
        """Whether anything at this place, or below it, could not be read."""
        return any(it == place or it.startswith(f"{place}/") or not place for it in self._found)

    @property
    def all(self) -> tuple[str, ...]:
        """The notes, as sentences without a full stop."""
        every = tuple(self._found.values())
        more = len(every) - MOST_NOTES
        rest = (f"Not read: {more} more parts of {self.whose}",) if more > 0 else ()
        return (*every[:MOST_NOTES], *rest)


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a document, and where it stands there."""

    found: Document
    place: str
    notes: Notes

    def text(self, key: str) -> str | None:
        """A text that is not empty."""
        return self._one(key, text_of, "a text")

    def number(self, key: str, least: int = 0, most: int = _GREATEST) -> int | None:
        """A whole number within these bounds."""

        def bounded(value: object) -> int | None:
            found = number_of(value)
            return found if found is not None and least <= found <= most else None

        return self._one(key, bounded, f"a whole number from {least} to {most}")

    def port(self, key: str) -> int | None:
        """A port; 0 is as good as none."""
        return self.number(key, 0, 65_535) or None

    def decimal(self, key: str) -> float | None:
        """A number with or without a fraction, and finite."""
        return self._one(key, decimal_of, "a number")

    def flag(self, key: str) -> bool | None:
        """A truth value."""
        return self._one(key, flag_of, "true or false")

    def reference(self, key: str) -> str | None:
        """The id that a reference points to, in lower case; a bare id counts as one."""
        found = self.written(key)
        return found.lower() if found else None

    def written(self, key: str) -> str | None:
        """The same as it is written, for whoever asks Azure for it."""
        return self._one(key, _referred, "a reference")

    def texts(self, key: str, *, lone: bool = False, numbers: bool = False) -> tuple[str, ...]:
        """A list of texts; `lone`: one may stand there without a list, `numbers`: they may be written as such."""
        value = self.found.get(key)
        one = lone and not isinstance(value, list) and not _is_nothing(value)
        found = ((self._at(key), value),) if one else self.values(key)
        kind = _text_or_number if numbers else text_of
        return tuple(self._several(found, kind, "a list of texts" if one else "a text"))

    def references(self, key: str) -> tuple[str, ...]:
        """The ids of a list of references."""
        found = self._several(self.values(key), _referred, "a reference")
        return tuple(it.lower() for it in found)

    def entry(self, key: str) -> "Entry":
        """An object; where there is none, an empty one."""
        found = self._one(key, object_of, "an object")
        return Entry(found or {}, self._at(key), self.notes)

    def entries(self, key: str) -> tuple["Entry", ...]:
        """The objects of a list."""
        return tuple(
            Entry(it, place, self.notes)
            for place, value in self.values(key)
            if (it := self._known(place, value, object_of, "an object")) is not None
        )

    def values(self, key: str) -> tuple[tuple[str, object], ...]:
        """Whatever is in a list, each with its place."""
        found = self._one(key, _list_of, "a list") or []
        return tuple((f"{self._at(key)}/{_label(it, n)}", it) for n, it in enumerate(found, 1))

    def holds(self, key: str) -> bool:
        """Whether there is anything, whatever it is."""
        return not _is_nothing(self.found.get(key))

    def is_list(self, key: str) -> bool:
        """Whether a list stands there, be it empty."""
        return is_list(self.found.get(key))

    def holds_objects(self, key: str) -> bool:
        """Whether nothing stands in the place of an object there, nor of the list."""
        return not self.notes.has(self._at(key)) and len(self.values(key)) == len(self.entries(key))

    def odd(self, key: str, value: object, wanted: str) -> None:
        """Note that a value is not what it should be, though it is of the right kind."""
        self.notes.add(self._at(key), value, wanted)

    @property
    def properties(self) -> "Entry":
        """What ARM keeps in `properties`; the word is left out of places."""
        found = self._one("properties", object_of, "an object")
        return Entry(found or {}, self.place, self.notes)

    @property
    def id(self) -> str:
        """The resource id in lower case, because ARM varies it; the place, which nothing refers to, if it has none."""
        return (self.text("id") or self.place).lower()

    @property
    def name(self) -> str:
        """The name, else the last part of the id."""
        return self.text("name") or self.id.rpartition("/")[2]

    @property
    def is_whole(self) -> bool:
        """Whether everything in it that was looked at so far could be read."""
        return not self.notes.within(self.place)

    def _one(self, key: str, kind: Callable[[object], T | None], wanted: str) -> T | None:
        value = self.found.get(key)
        return None if _is_nothing(value) else self._known(self._at(key), value, kind, wanted)

    def _several(
        self,
        values: Iterable[tuple[str, object]],
        kind: Callable[[object], T | None],
        wanted: str,
    ) -> Iterator[T]:
        for place, value in values:
            found = None if value == "" else self._known(place, value, kind, wanted)
            if found is not None:
                yield found

    def _known(
        self, place: str, value: object, kind: Callable[[object], T | None], wanted: str
    ) -> T | None:
        found = kind(value)
        if found is None:
            self.notes.add(place, value, wanted)
        return found

    def _at(self, key: str) -> str:
        return f"{self.place}/{key}" if self.place else key


def root_entry(value: object, whose: str) -> Entry:
    """A whole document; `whose` says of what it is, as in "the gateway"."""
    notes = Notes(whose)
    found = object_of(value)
    if found is None:
        notes.add("", value, "an object")
    return Entry(found or {}, "", notes)


def items(document: Document, collection: str) -> Iterator[Document]:
    """The entries of one sub-resource collection; anything that is not an object is passed over."""
    return mappings_of(properties_of(document).get(collection))


def properties_of(item: Document) -> Document:
    """The `properties` of an entry."""
    return mapping_of(item.get("properties"))


def object_of(value: object) -> Document | None:
    """The object, if it is one."""
    return value if isinstance(value, Mapping) else None


def is_object(value: object) -> bool:
    """Whether it is an object, be it empty."""
    return isinstance(value, Mapping)


def is_list(value: object) -> bool:
    """Whether it is a list, be it empty."""
    return isinstance(value, list)


def mapping_of(value: object) -> Document:
    """The object, or an empty one."""
    return object_of(value) or {}


def mappings_of(value: object) -> Iterator[Document]:
    """The objects in a list; anything else in it is passed over."""
    return (it for it in list_of(value) if isinstance(it, Mapping))


def list_of(value: object) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str | None:
    """A text that is not empty, and printable."""
    return printable(value) if isinstance(value, str) and value else None


def printable(text: str) -> str:
    """The text with a replacement for every half of a surrogate pair: JSON may hold one, but no screen and no file."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number_of(value: object) -> int | None:
    """A whole number, also one that is written as a text; a truth value is none."""
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value.partition(".")[0])
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def decimal_of(value: object) -> float | None:
    """A finite number, also one that is written as a text."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _FINITE:
        return float(value)
    return None


def flag_of(value: object) -> bool | None:
    """A truth value."""
    return value if isinstance(value, bool) else None


def id_of(item: Document) -> str:
    """The resource id in lower case, because ARM varies it."""
    return (text_of(item.get("id")) or "").lower()


def name_of(item: Document) -> str:
    """The name, else the last part of the id."""
    return text_of(item.get("name")) or id_of(item).rpartition("/")[2]


def reference_of(value: object) -> str | None:
    """The id that a reference points to, in lower case; a bare id counts as one."""
    found = _referred(value)
    return found.lower() if found else None


def member_of(value: object) -> str | None:
    """The name or address of a pool member; published examples hold it bare in place of `fqdn` or `ipAddress`."""
    member = mapping_of(value)
    return text_of(value) or text_of(member.get("fqdn")) or text_of(member.get("ipAddress"))


def _referred(value: object) -> str | None:
    return text_of(value) or text_of(mapping_of(value).get("id"))


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return list_of(value)


def _is_nothing(value: object) -> bool:
    return value is None or value == ""


def _list_of(value: object) -> list[Any] | None:
    return value if isinstance(value, list) else None


def _text_or_number(value: object) -> str | None:
    if isinstance(value, str):
        return text_of(value)
    found = number_of(value)
    return None if found is None else str(found)


def _label(value: object, number: int) -> str:
    """How an entry of a list is pointed at: by its name, else by its number, from 1."""
    return (text_of(mapping_of(value).get("name")) or str(number))[:_SHOWN]


def _kind(value: object) -> str:
    """What a value is, with as much of it as helps to find it."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}" if abs(value) < _GREATEST else "a number"
        case str():
            shown = text_of(value) or ""
            return f"the text {shown[:_SHOWN]!r}{'...' * (len(shown) > _SHOWN)}"
        case list():
            return "a list"
        case _:
            return "an object"
