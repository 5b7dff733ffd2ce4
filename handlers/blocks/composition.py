"""Composition objects of Block Kit: texts, options, the question before a press; each cut to Slack's limits.

https://docs.slack.dev/reference/block-kit/composition-objects
"""

from collections.abc import Sequence
from typing import Any

from handlers.blocks.text import ELLIPSIS, clean, clip

Element = dict[str, Any]

MOST_OPTIONS = 100


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


def mrkdwn_text(text: str, most: int) -> Element:
    """A text in Slack's markup; Slack turns nothing more in it into links or mentions (`verbatim`)."""
    return {"type": "mrkdwn", "text": clipped(text, most) or " ", "verbatim": True}


def plain_text(text: str, most: int) -> Element:
    """A text without markup."""
    return {"type": "plain_text", "text": clip(clean(text), most) or " "}


def confirm(title: str, text: str, yes: str, *, danger: bool = False) -> Element:
    """The confirmation dialog that a button opens before it counts."""
    return {
        "title": plain_text(title, 100),
        "text": mrkdwn_text(text, 300),
        "confirm": plain_text(yes, 30),
        "deny": plain_text("Not now", 30),
        "style": "danger" if danger else "primary",
    }


def menu_options(options: Sequence[tuple[str, str, str]]) -> list[Element]:
    """As many of the options as a menu shows at once."""
    return [
        {"text": plain_text(text, 75), "description": plain_text(description, 75), "value": value}
        for text, description, value in options[:MOST_OPTIONS]
    ]
