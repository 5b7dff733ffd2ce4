"""Modals, and the fields in them.

https://docs.slack.dev/reference/views/modal-views
"""

from collections.abc import Iterable, Sequence
from typing import Any

from handlers.blocks.composition import Element, plain_text
from handlers.blocks.kit import Block

View = dict[str, Any]

MOST_VIEW_BLOCKS = 100
MOST_TITLE = 24
MOST_TYPED = 3000
"""Characters that a text field takes at most."""


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
        "title": plain_text(title, MOST_TITLE),
        "close": plain_text(close, MOST_TITLE),
        "private_metadata": metadata,
        "blocks": list(blocks)[:MOST_VIEW_BLOCKS],
    }
    return made | ({"submit": plain_text(submit, MOST_TITLE)} if submit else {})


def with_box(block: Block, action_id: str, label: str) -> Block:
    """A paragraph with a box to tick beside it."""
    options = [{"text": plain_text(label, 75), "value": "1"}]
    box = {"type": "checkboxes", "action_id": action_id, "options": options}
    return block | {"accessory": box}


def text_input(block_id: str, label: str, hint: str, most: int = 1000) -> Block:
    """A field for at most so many characters that may stay empty; block and action have the same id."""
    element: Element = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": most,
        "placeholder": plain_text(hint, 150),
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
        "label": plain_text(label, 2000),
        "element": element | {"action_id": block_id},
    }
