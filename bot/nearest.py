"""The hint for a name that is not there: what was probably meant, and where all names are."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

MOST = 3


def near(name: str, known: Iterable[str], most: int = MOST) -> tuple[str, ...]:
    """The names that are most like it, the nearest first; none where nothing is like it."""
    return tuple(get_close_matches(name, list(known), most))


def did_you_mean(names: Sequence[str], otherwise: str) -> str:
    """The question for those names, if there are any, and then what helps whoever meant none of them."""
    question = f"Did you mean {', '.join(names)}?" if names else ""
    return " ".join(filter(None, (question, otherwise)))
