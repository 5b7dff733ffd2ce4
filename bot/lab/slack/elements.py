"""Finding the button or menu that a person wants to use, and saying what they chose."""

from typing import Any

from bot.lab.slack.blockkit import elements
from bot.lab.slack.payloads import VALUE_KEYS
from bot.lab.slack.values import NoSuchElement
from bot.lab.values import Json


def find(blocks: list[Json], action_id: str, block_id: str | None, value: Any) -> tuple[Json, Json]:
    """The element, and its block; of several buttons the one with that value.

    Raises NoSuchElement, which lists what there is.
    """
    there = list(elements(blocks))
    for block, element in there:
        if (
            element["action_id"] == action_id
            and block_id in (None, block["block_id"])
            and (element["type"] != "button" or value in (None, element.get("value")))
        ):
            return block, element
    offered = ", ".join(element["action_id"] for _, element in there) or "nothing"
    raise NoSuchElement(f"no {action_id!r} to click there; the message offers: {offered}")


def chosen(element: Json, value: Any, selected_option: Any) -> Json:
    """What a use of the element adds to the action: the choice from a menu, the text of an input.

    `selected_option` is the option's value, or the option itself; a list of them for menus that
    take several.
    """
    if element["type"] == "button":
        return {}
    key = VALUE_KEYS.get(element["type"], "value")
    if key == "selected_option":
        return {key: _option(element, selected_option)}
    if key == "selected_options":
        several = selected_option if isinstance(selected_option, list) else []
        return {key: [_option(element, option) for option in several]}
    return {key: value}


def _option(element: Json, wanted: Any) -> Json:
    value = wanted.get("value") if isinstance(wanted, dict) else wanted
    if element["type"] == "external_select" and isinstance(wanted, dict) and value:
        # Whole: only the app knows what there is.
        return dict(wanted)
    groups = [group["options"] for group in element.get("option_groups", [])]
    options = [option for part in (element.get("options", []), *groups) for option in part]
    for option in options:
        if option["value"] == value:
            return dict(option)
    offered = ", ".join(option["value"] for option in options)
    raise NoSuchElement(f"no option {value!r} in {element['action_id']!r}; it offers: {offered}")


def blocks_of(message: Json) -> list[Json]:
    """The blocks of a message and of its attachments."""
    attached = [attachment.get("blocks", []) for attachment in message.get("attachments", [])]
    return [block for part in (message.get("blocks", []), *attached) for block in part]
