"""Texts for a terminal, with nothing in them that moves its cursor. It needs no rich, so that errors come quickly."""

from bot.core.model.marked import command_parts, has_command, plain

_JOINED = "\u00a0"
"""Stands for a space that no line may end at; `clean` leaves none of it in what comes from outside."""


def clean(text: str) -> str:
    """Without control characters: a name from outside must not move the cursor."""
    shown = plain(text)
    if shown.isprintable():
        return shown
    return "".join(character if character.isprintable() else " " for character in shown)


def unbroken(text: str) -> str:
    """Clean, and the spaces in its commands such that no line is broken there, until `with_spaces`."""
    if not has_command(text):
        return clean(text)
    pieces = ((clean(piece), command) for piece, command in command_parts(text))
    return "".join(it.replace(" ", _JOINED) if command else it for it, command in pieces)


def with_spaces(text: str) -> str:
    """Every space as it is printed."""
    return text.replace(_JOINED, " ")
