"""Block elements. https://docs.slack.dev/reference/block-kit/block-elements"""

from collections.abc import Mapping

from bot.lab.slack.blockkit.composition import CONFIRM, GROUPS, OPTIONS
from bot.lab.slack.blockkit.slots import (
    ACTION_ID,
    FLAG,
    NUMBER,
    STRING,
    STYLE,
    URL,
    Items,
    Object,
    Shape,
    Slot,
    String,
    plain,
    shape,
)

_FOCUS: dict[str, Slot] = {"focus_on_load": FLAG, "placeholder": plain(150)}
_TYPED: dict[str, Slot] = _FOCUS | {
    "action_id": ACTION_ID,
    "dispatch_action_config": Object(("dispatch",)),
}
_MENU: dict[str, Slot] = _FOCUS | {"action_id": ACTION_ID, "confirm": CONFIRM}
_PICK: dict[str, Slot] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": FLAG}
IMAGE: dict[str, Slot] = {
    "alt_text": String(2000),
    "image_url": URL,
    "slack_file": Object(("slack_file",)),
}

ELEMENTS: Mapping[str, Shape] = {
    "button": shape(
        "text",
        text=plain(75),
        action_id=ACTION_ID,
        url=URL,
        value=String(2000),
        style=STYLE,
        confirm=CONFIRM,
        accessibility_label=String(75),
    ),
    "overflow": shape(
        "options", options=Items(Object(("option",)), 5), action_id=ACTION_ID, confirm=CONFIRM
    ),
    "static_select": shape(
        options=OPTIONS,
        option_groups=GROUPS,
        initial_option=Object(("option",)),
        **_MENU,
    ).needing("options", "option_groups"),
    "external_select": shape(initial_option=Object(("option",)), min_query_length=NUMBER, **_MENU),
    "multi_static_select": shape(
        options=OPTIONS,
        option_groups=GROUPS,
        initial_options=OPTIONS,
        max_selected_items=NUMBER,
        **_MENU,
    ).needing("options", "option_groups"),
    "users_select": shape(initial_user=STRING, **_MENU),
    "channels_select": shape(initial_channel=STRING, response_url_enabled=FLAG, **_MENU),
    "radio_buttons": shape(
        "options",
        options=Items(Object(("option",)), 10),
        initial_option=Object(("option",)),
        **_PICK,
    ),
    "checkboxes": shape(
        "options",
        options=Items(Object(("option",)), 10),
        initial_options=Items(Object(("option",)), 10),
        **_PICK,
    ),
    "datepicker": shape(initial_date=STRING, **_MENU),
    "timepicker": shape(initial_time=STRING, timezone=STRING, **_MENU),
    "plain_text_input": shape(
        initial_value=String(3000, least=0),
        multiline=FLAG,
        min_length=NUMBER,
        max_length=NUMBER,
        **_TYPED,
    ),
    "email_text_input": shape(initial_value=STRING, **_TYPED),
    "url_text_input": shape(initial_value=STRING, **_TYPED),
    "number_input": shape(
        "is_decimal_allowed",
        is_decimal_allowed=FLAG,
        initial_value=STRING,
        min_value=STRING,
        max_value=STRING,
        **_TYPED,
    ),
    # https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
    "file_input": shape(action_id=ACTION_ID, filetypes=Items(STRING), max_files=NUMBER),
    "image_element": shape("alt_text", **IMAGE).needing("image_url", "slack_file"),
    "icon_button": shape(
        "icon",
        "text",
        icon=STRING,
        text=plain(75),
        action_id=ACTION_ID,
        value=String(2000),
        confirm=CONFIRM,
        accessibility_label=String(75),
        visible_to_user_ids=Items(STRING),
    ),
    "feedback_buttons": shape(
        "positive_button",
        "negative_button",
        action_id=ACTION_ID,
        positive_button=Object(("feedback",)),
        negative_button=Object(("feedback",)),
    ),
}

SELECTS = (
    "static_select",
    "external_select",
    "multi_static_select",
    "users_select",
    "channels_select",
)
PICKERS = ("radio_buttons", "checkboxes", "datepicker", "timepicker")
TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
CLICKED = ("button", "overflow", *SELECTS, *PICKERS)
