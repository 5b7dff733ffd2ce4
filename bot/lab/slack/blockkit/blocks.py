"""Blocks, each with its keys. https://docs.slack.dev/reference/block-kit/blocks

Block types that a bot like agw has no use for (video, file, call, carousel, data_table) are left
out, so the lab refuses them.
"""

from collections.abc import Mapping

from bot.lab.slack.blockkit.composition import COMPOSITION
from bot.lab.slack.blockkit.elements import CLICKED, ELEMENTS, IMAGE, PICKERS, SELECTS, TYPED
from bot.lab.slack.blockkit.rich_text import PARAGRAPHS, RICH_TEXT
from bot.lab.slack.blockkit.slots import (
    BLOCK_ID,
    FLAG,
    STRING,
    Items,
    Object,
    Shape,
    String,
    plain,
    shape,
    text,
)

_RICH_BLOCK = Object(("rich_text",))
_STATUS = String(one_of=("pending", "in_progress", "complete", "error"))

_BLOCKS: Mapping[str, Shape] = {
    "section": shape(
        text=text(3000),
        fields=Items(text(2000), 10),
        accessory=Object((*CLICKED, "image_element")),
        expand=FLAG,
    ).needing("text", "fields"),
    "divider": shape(),
    "header": shape("text", text=plain(150)),
    "image": shape("alt_text", title=plain(2000), **IMAGE).needing("image_url", "slack_file"),
    "actions": shape("elements", elements=Items(Object(CLICKED), 25)),
    "context": shape(
        "elements", elements=Items(Object(("plain_text", "mrkdwn", "image_element"), 3000), 10)
    ),
    "context_actions": shape(
        "elements", elements=Items(Object(("icon_button", "feedback_buttons")), 5)
    ),
    "input": shape(
        "label",
        "element",
        label=plain(2000),
        element=Object((*SELECTS, *PICKERS, *TYPED, "file_input")),
        hint=plain(2000),
        optional=FLAG,
        dispatch_action=FLAG,
    ),
    "markdown": shape("text", text=String(12000)),
    "rich_text": shape("elements", elements=Items(Object(PARAGRAPHS), least=0)),
    "table": shape(
        "rows",
        rows=Items(Items(Object(("raw_text", "raw_number", "rich_text")), 20), 100),
        column_settings=Items(Object(("column",)), 20),
    ),
    "task_card": shape(
        "task_id",
        "title",
        "status",
        task_id=STRING,
        title=STRING,
        status=_STATUS,
        details=_RICH_BLOCK,
        output=_RICH_BLOCK,
        sources=Items(Object(("url",))),
    ),
    "plan": shape("title", title=STRING, tasks=Items(Object(("task_card",)), 50)),
    "card": shape(
        hero_image=Object(("image_element",)),
        icon=Object(("image_element",)),
        title=text(150),
        subtitle=text(150),
        body=text(200),
        actions=Items(Object(("button",)), 3),
    ).needing("hero_image", "title", "actions", "body"),
    "alert": shape(
        "text",
        text=text(3000),
        level=String(one_of=("default", "info", "warning", "error", "success")),
    ),
}

_CONTAINER = shape(
    "child_blocks",
    title=plain(150),
    rich_text_title=_RICH_BLOCK,
    subtitle=text(150),
    icon=Object(("image_element",)),
    child_blocks=Items(Object(tuple(_BLOCKS)), 10),
    width=String(one_of=("narrow", "standard", "wide", "full")),
    is_collapsible=FLAG,
    default_collapsed=FLAG,
    has_header_divider=FLAG,
).needing("title", "rich_text_title")

BLOCKS = {**_BLOCKS, "container": _CONTAINER}

SHAPES: Mapping[str, Shape] = {
    **COMPOSITION,
    **ELEMENTS,
    **RICH_TEXT,
    **{
        kind: Shape({"block_id": BLOCK_ID} | dict(block.keys), block.required, block.any_of)
        for kind, block in BLOCKS.items()
    },
}
