"""Rich text. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block"""

from collections.abc import Mapping

from bot.lab.slack.blockkit.slots import (
    FLAG,
    NUMBER,
    STRING,
    Items,
    Object,
    Shape,
    String,
    shape,
)

PARAGRAPHS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
_INLINE = ("text", "link", "user", "channel", "usergroup", "emoji", "date", "broadcast", "color")
_STYLE = Object(("style",))

RICH_TEXT: Mapping[str, Shape] = {
    "rich_text_section": shape("elements", elements=Items(Object(_INLINE), least=0)),
    "rich_text_quote": shape("elements", elements=Items(Object(_INLINE), least=0), border=NUMBER),
    "rich_text_preformatted": shape(
        "elements", elements=Items(Object(("text", "link")), least=0), border=NUMBER
    ),
    "rich_text_list": shape(
        "elements",
        "style",
        elements=Items(Object(("rich_text_section",)), least=0),
        style=String(one_of=("bullet", "ordered")),
        indent=NUMBER,
        offset=NUMBER,
        border=NUMBER,
    ),
    "text": shape("text", text=STRING, style=_STYLE),
    "link": shape("url", url=STRING, text=STRING, unsafe=FLAG, style=_STYLE),
    "user": shape("user_id", user_id=STRING, style=_STYLE),
    "channel": shape("channel_id", channel_id=STRING, style=_STYLE),
    "usergroup": shape("usergroup_id", usergroup_id=STRING, style=_STYLE),
    "emoji": shape("name", name=STRING, unicode=STRING, url=STRING, style=_STYLE),
    "date": shape(
        "timestamp", "format", timestamp=NUMBER, format=STRING, url=STRING, fallback=STRING
    ),
    "broadcast": shape("range", range=String(one_of=("here", "channel", "everyone"))),
    "color": shape("value", value=STRING),
    "style": shape(bold=FLAG, italic=FLAG, strike=FLAG, code=FLAG, underline=FLAG),
}
