"""Does a piece of JSON have the structure that the tables ask for?

Every fault is one sentence with a JSON pointer, worded as Slack words it, for example
`must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
"""

from collections.abc import Iterator
from typing import Any

from bot.lab.slack.blockkit.blocks import SHAPES
from bot.lab.slack.blockkit.composition import UNTYPED
from bot.lab.slack.blockkit.slots import Items, Object, Scalar, Slot, String


def fault(sentence: str, pointer: str) -> str:
    """One complaint, with the place it is about."""
    return f"{sentence} [json-pointer:{pointer}]"


def faults(value: Any, slot: Slot, pointer: str) -> Iterator[str]:
    """Everything that is wrong with `value` at that place; nothing if it is well formed."""
    match slot:
        case String():
            yield from _string(value, slot, pointer)
        case Scalar():
            if not _is_scalar(value, slot.type):
                yield fault(f"must provide a {_SCALARS[slot.type]}", pointer)
        case Items():
            yield from _items(value, slot, pointer)
        case Object():
            yield from _object(value, slot, pointer)


_SCALARS = {bool: "boolean", int: "number", float: "number"}


def _is_scalar(value: Any, wanted: type) -> bool:
    if wanted is bool or isinstance(value, bool):
        return wanted is bool and isinstance(value, bool)
    return isinstance(value, (int, float) if wanted is float else int)


def _string(value: Any, slot: String, pointer: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield fault("must provide a string", pointer)
        return
    if len(value) < slot.least:
        yield fault(f"must be more than {slot.least - 1} characters", pointer)
    if slot.most is not None and len(value) > slot.most:
        yield fault(f"must be less than {slot.most + 1} characters", pointer)
    if slot.one_of and value not in slot.one_of:
        yield fault(f"must be a valid enum value ({', '.join(slot.one_of)})", pointer)


def _items(value: Any, slot: Items, pointer: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield fault("must provide an array", pointer)
        return
    if len(value) < slot.least:
        yield fault(f"no fewer than {slot.least} items allowed", pointer)
    if slot.most is not None and len(value) > slot.most:
        yield fault(f"no more than {slot.most} items allowed", pointer)
    for index, item in enumerate(value):
        yield from faults(item, slot.of, f"{pointer}/{index}")


def _object(value: Any, slot: Object, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield fault("must provide an object", pointer)
        return
    kind = _kind(value, slot)
    if kind is None:
        named = "type" in value
        sentence = f"unsupported type: {value['type']}" if named else "missing required field: type"
        yield fault(sentence, f"{pointer}/type" if named else pointer)
        return
    yield from _keys(value, kind, pointer)
    if slot.text is not None and kind in ("plain_text", "mrkdwn"):
        yield from _text_length(value.get("text"), slot.text, f"{pointer}/text")


def _kind(value: dict[str, Any], slot: Object) -> str | None:
    """Which allowed kind this is. An image is one thing as a block, another as an element."""
    for kind in slot.kinds:
        if kind in UNTYPED or value.get("type") == kind.removesuffix("_element"):
            return kind
    return None


def _keys(value: dict[str, Any], kind: str, pointer: str) -> Iterator[str]:
    shape = SHAPES[kind]
    for key in shape.required:
        if key not in value:
            yield fault(f"missing required field: {key}", pointer)
    if shape.any_of and not any(value.get(key) for key in shape.any_of):
        yield fault(f"missing required field: {' or '.join(shape.any_of)}", pointer)
    for key, part in value.items():
        if key in shape.keys:
            yield from faults(part, shape.keys[key], f"{pointer}/{key}")
        elif key != "type" or kind in UNTYPED:
            yield fault(f"invalid additional property: {key}", pointer)


def _text_length(text: Any, most: int, pointer: str) -> Iterator[str]:
    if isinstance(text, str) and len(text) > most:
        yield fault(f"must be less than {most + 1} characters", pointer)
