"""Composition objects. https://docs.slack.dev/reference/block-kit/composition-objects"""

from collections.abc import Mapping

from bot.lab.slack.blockkit.slots import (
    FLAG,
    STRING,
    STYLE,
    URL,
    Items,
    Object,
    Scalar,
    Shape,
    String,
    plain,
    shape,
    text,
)

CONFIRM = Object(("confirm",))
OPTIONS = Items(Object(("option",)), 100)
GROUPS = Items(Object(("option_group",)), 100)

COMPOSITION: Mapping[str, Shape] = {
    "plain_text": shape("text", text=STRING, emoji=FLAG),
    "mrkdwn": shape("text", text=STRING, verbatim=FLAG),
    "confirm": shape(
        "title",
        "text",
        title=plain(100),
        text=text(300),
        confirm=plain(30),
        deny=plain(30),
        style=STYLE,
    ),
    "option": shape(
        "text", "value", text=text(75), value=String(150), description=text(75), url=URL
    ),
    "option_group": shape("label", "options", label=plain(75), options=OPTIONS),
    "dispatch": shape(trigger_actions_on=Items(STRING)),
    "slack_file": shape(id=STRING, url=STRING).needing("id", "url"),
    "feedback": shape(
        "text", "value", text=plain(75), value=String(2000), accessibility_label=String(75)
    ),
    "column": shape(align=String(one_of=("left", "center", "right")), is_wrapped=FLAG),
    "raw_text": shape("text", text=STRING),
    "raw_number": shape("value", "text", value=Scalar(float), text=STRING),
    "url": shape("url", "text", url=URL, text=STRING),
}

# Kinds without a `type` of their own: only their place says what they are.
UNTYPED = frozenset(
    ("confirm", "option", "option_group", "dispatch", "slack_file", "feedback", "column", "style")
)
