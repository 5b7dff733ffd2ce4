"""Block Kit: messages of the classic blocks, each cut to Slack's limits.

https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.model.marked import parts
from handlers.blocks.composition import Element, clipped, mrkdwn_text
from handlers.blocks.text import ELLIPSIS, clip, escape, printable

Block = dict[str, Any]

MOST_BLOCKS = 50
MOST_SECTION = 3000
MOST_FIELD = 2000
MOST_FIELDS = 10
MOST_CONTEXT = 10
MOST_TEXT = 3900
"""Characters of `text`: chat.update takes 4,000 (https://docs.slack.dev/reference/methods/chat.update)."""
MOST_LITERAL = 2900


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
    return {"type": "section", "text": mrkdwn_text(text, MOST_SECTION)}


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
    return {"type": "section", "fields": [mrkdwn_text(text, MOST_FIELD) for text in shown]}


def context(*texts: str) -> Block:
    """Small print."""
    shown = texts[:MOST_CONTEXT]
    return {"type": "context", "elements": [mrkdwn_text(text, MOST_SECTION) for text in shown]}


def divider() -> Block:
    """A horizontal line."""
    return {"type": "divider"}


def actions(block_id: str, elements: Sequence[Element]) -> Block:
    """A row of buttons and menus."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def preformatted(lead: str, command: str = "") -> Block:
    """A sentence, if there is one, and below it a command to copy. Rich text is literal: nothing in it is escaped."""
    said = [{"type": "rich_text_section", "elements": _spoken(clip(lead, MOST_LITERAL))}]
    parts = [command[at : at + MOST_LITERAL] for at in range(0, len(command), MOST_LITERAL)]
    shown = [{"type": "rich_text_preformatted", "elements": [_literal(part)]} for part in parts]
    return {"type": "rich_text", "elements": [*(said if lead or not shown else ()), *shown]}


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
