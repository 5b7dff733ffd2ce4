"""The one place that looks into unknown JSON: text to values, and what kind of value each is.

`bot.core.arm.entry` reads whole documents with it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
"""A JSON object as it came; nobody changes it."""

Json = dict[str, Any]
"""A JSON object in the making."""

GATEWAY_API_VERSION = "2026-03-01"
"""The api-version in which gateways are read, listed and written, and in which a change is told as code.

It is that of the SDK, azure-mgmt-network 33: an older one hides ways to a pool, and a PUT in it would drop them.
"""

DEEPEST = 64
"""Levels of lists and objects in each other; a gateway's document has about ten."""

TOO_DEEP = f"is nested more than {DEEPEST} levels deep, as no document of Azure's is"
NOT_JSON = "is not one of Azure's, or cut off"
"""Clauses about an answer."""

_SHOWN = 40
"""Characters of an odd value, or of a name in a place, that a note repeats."""

GREATEST = 2**31 - 1
"""ARM's whole numbers have 32 bits."""

_FINITE = 1e300

_WHOLE = re.compile(r"-?[0-9]{1,10}(\.0{1,10})?")
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?")


class NotReadable(ValueError):
    """A text that is no JSON, or none that Azure would send; the message is a clause about the answer."""


def parse_json(text: str | bytes, *, patient: bool = False) -> Any:
    """The JSON in an answer.

    `patient`: other threads have their turn between two objects of it, and between two numbers, any of which may have
    thousands of digits. The parser is not written in Python, so otherwise they wait for the end.

    Raises:
        NotReadable: it is none, or so deep that no document of Azure's is.
    """
    try:
        found = json.loads(text, parse_constant=_refuse, **(_WITH_TURNS if patient else {}))
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


def copied(value: Any) -> Any:
    """The same JSON in lists and objects of its own; several times faster than `copy.deepcopy`."""
    if isinstance(value, Mapping):
        return {key: copied(it) for key, it in value.items()}
    if isinstance(value, list):
        return [copied(it) for it in value]
    return value


def document_of(value: object) -> Document:
    """What has to be an object.

    Raises:
        NotReadable: it is none.
    """
    found = object_of(value)
    if found is None:
        raise NotReadable("is not a document")
    return found


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
    return without_surrogates(value) if isinstance(value, str) and value else None


def without_surrogates(text: str) -> str:
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
    found = written_reference_of(value)
    return found.lower() if found else None


def member_of(value: object) -> str | None:
    """The name or address of a pool member; published examples hold it bare in place of `fqdn` or `ipAddress`."""
    member = mapping_of(value)
    return text_of(value) or text_of(member.get("fqdn")) or text_of(member.get("ipAddress"))


def written_reference_of(value: object) -> str | None:
    return text_of(value) or text_of(mapping_of(value).get("id"))


def _as_it_is(found: Json) -> Json:
    return found


def _whole(digits: str) -> int:
    return int(digits)


def _decimal(digits: str) -> float:
    return float(digits)


# Functions of ours where json has its own: Python lets other threads run only in what is written in Python.
_WITH_TURNS: Mapping[str, Any] = {
    "object_hook": _as_it_is,
    "parse_int": _whole,
    "parse_float": _decimal,
}


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return list_of(value)


def is_nothing(value: object) -> bool:
    return value is None or value == ""


def list_or_none(value: object) -> list[Any] | None:
    return value if isinstance(value, list) else None


def text_or_number_of(value: object) -> str | None:
    if isinstance(value, str):
        return text_of(value)
    found = number_of(value)
    return None if found is None else str(found)


def label_of(value: object, number: int) -> str:
    """How an entry of a list is pointed at: by its name, else by its number, from 1."""
    return (text_of(mapping_of(value).get("name")) or str(number))[:_SHOWN]


def kind_of(value: object) -> str:
    """What a value is, with as much of it as helps to find it."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}" if abs(value) < GREATEST else "a number"
        case str():
            shown = text_of(value) or ""
            return f"the text {shown[:_SHOWN]!r}{'...' * (len(shown) > _SHOWN)}"
        case list():
            return "a list"
        case _:
            return "an object"
