"""The core's frozen values as JSON texts, and back.

Older texts stay readable: a new field takes its default, and a removed one is ignored.
"""

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from cattrs import BaseValidationError
from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from bot.core.arm.document import Document
from bot.core.arm.edit import Edit
from bot.core.changes.change import Change, ChangeState
from bot.store.problems import unreadable

T = TypeVar("T")


def moment(at: datetime) -> str:
    """A point in time as a sortable UTC text; always the same number of characters.

    Raises:
        ValueError: `at` has no time zone, so the point in time is unknown.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _make() -> JsonConverter:
    converter = make_converter()
    converter.register_unstructure_hook(bytes, lambda it: b64encode(it).decode("ascii"))
    converter.register_structure_hook(bytes, lambda it, _: b64decode(it, validate=True))
    converter.register_unstructure_hook(datetime, moment)
    configure_tagged_union(Edit, converter, tag_name="kind")
    return converter


_converter = _make()


def to_text(value: object) -> str:
    """A core value as JSON."""
    return _text(_converter.unstructure(value))


def from_text(text: str, kind: type[T]) -> T:
    """The value of type `kind` in a JSON text.

    Raises:
        Problem: `database_damaged`, the text is not such a value.
    """
    return _value(_json(text, _name(kind)), kind)


def change_to_text(change: Change) -> str:
    """The JSON of a change without its state, which is only in a column, and without its document."""
    fields = _converter.unstructure(replace(change, before=None))
    del fields["state"]
    return _text(fields)


def change_from_text(state: ChangeState, text: str) -> Change:
    """The change with its state.

    Raises:
        Problem: `database_damaged`, the text is not a change.
    """
    return _value(_json(text, "change") | {"state": state}, Change)


def pack(document: Document) -> bytes:
    """A gateway's document, compressed."""
    return zlib.compress(_text(document).encode())


def unpack(packed: bytes) -> Document:
    """The document again.

    Raises:
        Problem: `database_damaged`, the bytes are not one.
    """
    try:
        text = zlib.decompress(packed).decode()
    except (zlib.error, ValueError) as error:
        raise unreadable("document") from error
    return _json(text, "document")


def words_parts(text: str) -> dict[str, str]:
    """The parts of a stored word.

    Raises:
        Problem: `database_damaged`, the text is not a mapping of texts.
    """
    try:
        return _converter.structure(_json(text, "word"), dict[str, str])
    except BaseValidationError as error:
        raise unreadable("word") from error


def column(text: str) -> str:
    """A text as both kinds of database take it: PostgreSQL knows no NUL, and neither a half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _text(fields: Any) -> str:
    return json.dumps(fields, separators=(",", ":"))


def _json(text: str, what: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError as error:
        raise unreadable(what) from error
    if not isinstance(fields, dict):
        raise unreadable(what)
    return fields


def _value(fields: dict[str, Any], kind: type[T]) -> T:
    try:
        return _converter.structure(fields, kind)
    except BaseValidationError as error:
        raise unreadable(_name(kind)) from error


def _name(kind: type[object]) -> str:
    return kind.__name__.lower()
