"""Block Kit: only the classic blocks, each cut to Slack's limits.

https://docs.slack.dev/reference/block-kit/blocks (lengths), .../block-elements, .../composition-objects
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.core.model.marked import parts
from handlers.blocks.text import ELLIPSIS, clean, clip, escape, printable

Block = dict[str, Any]
Element = dict[str, Any]

MOST_BLOCKS = 50
MOST_SECTION = 3000
MOST_FIELD = 2000
MOST_FIELDS = 10
MOST_CONTEXT = 10
MOST_BUTTON = 75
MOST_OPTIONS = 100
MOST_VALUE = 2000
MOST_TEXT = 3900
"""Characters of `text`: chat.update takes 4,000 (https://docs.slack.dev/reference/methods/chat.update)."""
MOST_LITERAL = 2900
MOST_VIEW_BLOCKS = 100
MOST_TITLE = 24
MOST_TYPED = 3000
"""Characters that a text field takes at most."""

View = dict[str, Any]
"""A modal (https://docs.slack.dev/reference/views/modal-views)."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted. Notifications and screen readers get `text`; it also stands in if the blocks fail."""

    text: str
    blocks: tuple[Block, ...] = ()

    @property
    def plain(self) -> str:
        """The content of the blocks as text, for when Slack refuses them."""
        said = (self.text, *(words for block in self.blocks for words in _words(block)))
        return clipped("\n".join(dict.fromkeys(said)), MOST_TEXT)


def message(text: str, blocks: Iterable[Block] = ()) -> Message:
    """A message within the limits."""
    return Message(clipped(text, MOST_TEXT).strip() or ELLIPSIS, tuple(blocks)[:MOST_BLOCKS])


def note(text: str) -> Message:
    """A message with a single text."""
    return message(text, [section(text)])


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": _mrkdwn(text, MOST_SECTION)}


def sections(lines: Iterable[str]) -> Iterator[Block]:
    """Lines, packed into as few paragraphs as possible."""
    packed = ""
    for line in (clipped(line, MOST_SECTION) for line in lines):
        if packed and len(packed) + len(line) >= MOST_SECTION:
            yield section(packed)
            packed = line
        else:
            packed = f"{packed}\n{line}" if packed else line
    if packed:
        yield section(packed)


def fields(texts: Sequence[str]) -> Block:
    """Short texts side by side, two in a row."""
    shown = texts[:MOST_FIELDS]
    return {"type": "section", "fields": [_mrkdwn(text, MOST_FIELD) for text in shown]}


def context(*texts: str) -> Block:
    """Small print."""
    shown = texts[:MOST_CONTEXT]
    return {"type": "context", "elements": [_mrkdwn(text, MOST_SECTION) for text in shown]}


def divider() -> Block:
    """A horizontal line."""
    return {"type": "divider"}


def actions(block_id: str, elements: Sequence[Element]) -> Block:
    """A row of buttons and menus."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


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
        "text": _plain(label, MOST_BUTTON),
        "action_id": action_id,
        "value": value,
    }
    return made | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def confirm(title: str, text: str, yes: str, *, danger: bool = False) -> Element:
    """The confirmation dialog that a button opens before it counts."""
    return {
        "title": _plain(title, 100),
        "text": _mrkdwn(text, 300),
        "confirm": _plain(yes, 30),
        "deny": _plain("Not now", 30),
        "style": "danger" if danger else "primary",
    }


def menu(label: str, action_id: str, options: Sequence[tuple[str, str, str]]) -> Element:
    """A menu of (text, description, value)."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": _plain(label, 150),
        "options": menu_options(options),
    }


def search_menu(label: str, action_id: str) -> Element:
    """A menu whose options the app is asked for with each letter that is typed.

    https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
    """
    return {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": _plain(label, 150),
        "min_query_length": 0,
    }


def menu_options(options: Sequence[tuple[str, str, str]]) -> list[Element]:
    """As many of the options as a menu shows at once."""
    return [
        {"text": _plain(text, 75), "description": _plain(description, 75), "value": value}
        for text, description, value in options[:MOST_OPTIONS]
    ]


def preformatted(lead: str, command: str = "") -> Block:
    """A sentence, if there is one, and below it a command to copy. Rich text is literal: nothing in it is escaped."""
    said = [{"type": "rich_text_section", "elements": _spoken(clip(lead, MOST_LITERAL))}]
    parts = [command[at : at + MOST_LITERAL] for at in range(0, len(command), MOST_LITERAL)]
    shown = [{"type": "rich_text_preformatted", "elements": [_literal(part)]} for part in parts]
    return {"type": "rich_text", "elements": [*(said if lead or not shown else ()), *shown]}


def with_box(block: Block, action_id: str, label: str) -> Block:
    """A paragraph with a box to tick beside it."""
    options = [{"text": _plain(label, 75), "value": "1"}]
    box = {"type": "checkboxes", "action_id": action_id, "options": options}
    return block | {"accessory": box}


def text_input(block_id: str, label: str, hint: str, most: int = 1000) -> Block:
    """A field for at most so many characters that may stay empty; block and action have the same id."""
    element: Element = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": most,
        "placeholder": _plain(hint, 150),
    }
    return _optional(block_id, label, element)


def file_input(block_id: str, label: str, kinds: Sequence[str]) -> Block:
    """A field for one file, of one of these kinds by its name, that may stay empty.

    https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
    """
    return _optional(
        block_id, label, {"type": "file_input", "filetypes": list(kinds), "max_files": 1}
    )


def _optional(block_id: str, label: str, element: Element) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": _plain(label, 2000),
        "element": element | {"action_id": block_id},
    }


def modal(
    callback_id: str,
    title: str,
    blocks: Iterable[Block],
    *,
    submit: str = "",
    close: str = "Close",
    metadata: str = "",
) -> View:
    """A modal within the limits; what does not fit is said to be elsewhere by whoever makes it."""
    made: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(title, MOST_TITLE),
        "close": _plain(close, MOST_TITLE),
        "private_metadata": metadata,
        "blocks": list(blocks)[:MOST_VIEW_BLOCKS],
    }
    return made | ({"submit": _plain(submit, MOST_TITLE)} if submit else {})


def clipped(mrkdwn: str, most: int) -> str:
    """Finished mrkdwn cut to a length, never within a line, which might hold a link."""
    if len(mrkdwn) <= most:
        return mrkdwn
    room = most - len(ELLIPSIS) - 1
    whole = mrkdwn.rfind("\n", 0, room)
    if whole > 0:
        return f"{mrkdwn[:whole]}\n{ELLIPSIS}"
    cut = mrkdwn[:room]
    for opening, closing in (("<", ">"), ("&", ";")):
        if cut.rfind(opening) > cut.rfind(closing):
            cut = cut[: cut.rfind(opening)]
    return cut + ELLIPSIS


def _mrkdwn(text: str, most: int) -> Element:
    # verbatim: Slack turns nothing in it into links or mentions.
    return {"type": "mrkdwn", "text": clipped(text, most) or " ", "verbatim": True}


def _plain(text: str, most: int) -> Element:
    return {"type": "plain_text", "text": clip(clean(text), most) or " "}


def _spoken(sentence: str) -> list[Element]:
    """Its words, and the names in it as code."""
    pieces = [
        _literal(part) | ({"style": {"code": True}} if is_name else {})
        for part, is_name in parts(sentence)
    ]
    return pieces or [_literal(sentence)]


def _literal(text: str) -> Element:
    return {"type": "text", "text": printable(text) or " "}


def _words(block: Block) -> Iterator[str]:
    if block["type"] == "actions":
        return
    for part in (block, *block.get("fields", ()), *block.get("elements", ())):
        text = part.get("text")
        if isinstance(text, dict):
            yield str(text["text"])
        elif isinstance(text, str):
            yield text
        elif part is not block and "elements" in part:
            # Rich text is literal; outside of it the same characters are markup.
            yield escape("".join(str(it.get("text", "")) for it in part["elements"]))
