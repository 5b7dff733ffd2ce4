"""Lines for a terminal: wrapped to one width, and nothing in them that moves the cursor."""

from textwrap import fill

from bot.core.model.marked import plain

WIDTH = 100
DEEP = " " * 14
"""The indent of text that stands beside a label."""


def wrapped(text: str, lead: str = "", hang: str = "  ") -> str:
    """Lines of at most `WIDTH`; `lead` indents the first, `hang` the others."""
    return fill(
        plain(text).strip(),
        WIDTH,
        initial_indent=lead,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def clean(text: str) -> str:
    """Without control characters: a name from outside must not move the cursor."""
    return "".join(character if character.isprintable() else " " for character in plain(text))
