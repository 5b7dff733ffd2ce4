"""The vocabulary of the tables: what is allowed at a key of a Block Kit object."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class String:
    """Text of `least` to `most` characters; `one_of` makes it an enumeration."""

    most: int | None = None
    least: int = 1
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number or a boolean."""

    type: type


@dataclass(frozen=True, slots=True)
class Object:
    """An object of one of these kinds. `text` limits its own `text`, for text objects."""

    kinds: tuple[str, ...]
    text: int | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """An array."""

    of: "Slot"
    most: int | None = None
    least: int = 1


Slot = String | Scalar | Object | Items


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of one kind of object, besides `type`.

    `required` must all be there, and at least one of `any_of`.
    """

    keys: Mapping[str, Slot]
    required: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()

    def needing(self, *any_of: str) -> "Shape":
        """The same shape, of which one of these keys must be there."""
        return replace(self, any_of=any_of)


STRING = String()
FLAG = Scalar(bool)
NUMBER = Scalar(int)
BLOCK_ID = String(255)
ACTION_ID = String(255)
URL = String(3000)
STYLE = String(one_of=("primary", "danger"))


def plain(most: int) -> Object:
    """A text object that may only be `plain_text`."""
    return Object(("plain_text",), most)


def text(most: int) -> Object:
    """A text object of either type."""
    return Object(("plain_text", "mrkdwn"), most)


def shape(*required: str, **keys: Slot) -> Shape:
    """A shape in one line: names of the required keys, then every key with its slot."""
    return Shape(keys, required)
