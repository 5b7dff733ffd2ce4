"""Lines for a terminal: wrapped to one width, and nothing in them that moves the cursor."""

from dataclasses import fields, is_dataclass, replace
from textwrap import fill
from typing import Any, TypeVar

from bot.core.model.marked import plain

T = TypeVar("T")

WIDTH = 100
DEEP = " " * 14
"""The indent of text that stands beside a label."""


def wrapped(text: str, lead: str = "", hang: str = "  ") -> str:
    """Lines of at most `WIDTH`; `lead` indents the first, `hang` the others."""
    shown = plain(text).strip()
    if shown and len(lead) + len(shown) <= WIDTH and shown.isprintable():
        return lead + shown
    return fill(
        shown,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def clean(text: str) -> str:
    """Without control characters: a name from outside must not move the cursor."""
    shown = plain(text)
    if shown.isprintable():
        return shown
    return "".join(character if character.isprintable() else " " for character in shown)


def cleaned(facts: T) -> T:
    """The same facts with every text in them clean, wherever it stands: no renderer has to think of each."""
    made: Any = _cleaned(facts)
    return made  # type: ignore[no-any-return]


def _cleaned(facts: Any) -> Any:
    match facts:
        case str():
            return clean(facts)
        case tuple():
            return tuple(map(_cleaned, facts))
        case _ if is_dataclass(facts) and not isinstance(facts, type):
            old = {it.name: getattr(facts, it.name) for it in fields(facts) if it.init}
            new = {name: _cleaned(it) for name, it in old.items()}
            return replace(facts, **new) if new != old else facts
    return facts
