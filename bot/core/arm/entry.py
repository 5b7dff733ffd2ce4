"""Reading a document part by part: what is of another kind than it should be counts as not there, and becomes one note
that says what it is, and where.

`null`, an empty text and nothing at all are the same, as they are to Azure. Numbers may be written as texts, and some
lists of one as that one: published documents hold both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.core.arm.document import (
    GREATEST,
    Document,
    decimal_of,
    flag_of,
    is_list,
    is_nothing,
    kind_of,
    label_of,
    list_or_none,
    member_of,
    number_of,
    object_of,
    text_of,
    text_or_number_of,
    written_reference_of,
)
from bot.core.model.marked import mark

T = TypeVar("T")

MOST_NOTES = 12
"""Notes of one document: who reads of twelve odd parts needs no list of the other thousand."""


@dataclass(slots=True)
class Notes:
    """What of one document could not be read, each place once, in the order in which it was met."""

    whose: str
    _found: dict[str, str] = field(default_factory=dict)

    def add(self, place: str, value: object, wanted: str) -> None:
        """One more: what was found there, and what should be."""
        of = f"{mark(place)} of {self.whose}" if place else self.whose
        self._found[place] = f"Not read: {of} is {kind_of(value)}, not {wanted}"

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

    def number(self, key: str, least: int = 0, most: int = GREATEST) -> int | None:
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
        return self._one(key, written_reference_of, "a reference")

    def texts(self, key: str, *, lone: bool = False, numbers: bool = False) -> tuple[str, ...]:
        """A list of texts; `lone`: one may stand there without a list, `numbers`: they may be written as such."""
        kind = text_or_number_of if numbers else text_of
        if lone and not is_list(self.found.get(key)):
            one = self._one(key, kind, "a list of texts")
            return () if one is None else (one,)
        return tuple(self._several(key, kind, "a text"))

    def references(self, key: str) -> tuple[str, ...]:
        """The ids of a list of references."""
        return tuple(it.lower() for it in self._several(key, written_reference_of, "a reference"))

    def members(self, key: str) -> tuple[tuple[str, ...], int]:
        """The members of a pool, and how many there are that cannot be read."""
        every = self.values(key)
        found = tuple(self._several(key, member_of, "one with a text as `fqdn` or `ipAddress`"))
        return found, len(every) - len(found)

    def entry(self, key: str) -> "Entry":
        """An object; where there is none, an empty one."""
        found = self._one(key, object_of, "an object")
        return Entry(found or {}, self._at(key), self.notes)

    def entries(self, key: str) -> tuple["Entry", ...]:
        """The objects of a list."""
        found = []
        for number, value in enumerate(self.values(key), 1):
            place = self._in(key, number, value)
            if self._known(place, value, object_of, "an object") is not None:
                found.append(Entry(value, place, self.notes))
        return tuple(found)

    def values(self, key: str) -> list[Any]:
        """Whatever is in a list."""
        return self._one(key, list_or_none, "a list") or []

    def holds(self, key: str) -> bool:
        """Whether there is anything, whatever it is."""
        return not is_nothing(self.found.get(key))

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
        return None if is_nothing(value) else self._known(self._at(key), value, kind, wanted)

    def _several(self, key: str, kind: Callable[[object], T | None], wanted: str) -> Iterator[T]:
        for number, value in enumerate(self.values(key), 1):
            found = None if value == "" else kind(value)
            if found is not None:
                yield found
            elif value != "":
                self.notes.add(self._in(key, number, value), value, wanted)

    def _known(
        self, place: str, value: object, kind: Callable[[object], T | None], wanted: str
    ) -> T | None:
        found = kind(value)
        if found is None:
            self.notes.add(place, value, wanted)
        return found

    def _in(self, key: str, number: int, value: object) -> str:
        return f"{self._at(key)}/{label_of(value, number)}"

    def _at(self, key: str) -> str:
        return f"{self.place}/{key}" if self.place else key


def root_entry(value: object, whose: str) -> Entry:
    """A whole document; `whose` says of what it is, as in "the gateway"."""
    notes = Notes(whose)
    found = object_of(value)
    if found is None:
        notes.add("", value, "an object")
    return Entry(found or {}, "", notes)
