"""Buttons and menus of Block Kit.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Sequence
from typing import Literal

from handlers.blocks.composition import Element, menu_options, plain_text

MOST_BUTTON = 75
MOST_VALUE = 2000


def button(
    label: str,
    action_id: str,
    value: str,
    *,
    style: Literal["primary", "danger"] | None = None,
    confirm: Element | None = None,
) -> Element:
    """A button; `value` is the opaque id of stored state."""
    made: Element = {
        "type": "button",
        "text": plain_text(label, MOST_BUTTON),
        "action_id": action_id,
        "value": value,
    }
    return made | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def menu(label: str, action_id: str, options: Sequence[tuple[str, str, str]]) -> Element:
    """A menu of (text, description, value)."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(label, 150),
        "options": menu_options(options),
    }


def search_menu(label: str, action_id: str) -> Element:
    """A menu whose options the app is asked for with each letter that is typed.

    https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
    """
    return {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain_text(label, 150),
        "min_query_length": 0,
    }
