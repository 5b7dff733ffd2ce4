"""What a person typed to the bot, as a command. Pure: the workflow finds out which gateway is meant.

One grammar for `/agw ...` and `@agw ...`. Whoever speaks to the bot expects an answer, so doubtful input gets one.
"""

from difflib import get_close_matches

from handlers.command_model import (
    Command,
    Diagnose,
    Help,
    History,
    List,
    Status,
    Usage,
    Version,
    Which,
)
from handlers.hearing.complaint import wanted_in
from handlers.hearing.names import is_telling, telling_names
from handlers.hearing.names import words as listed
from handlers.hearing.report import spoken
from handlers.hearing.text import addressed

_MARKS = ".,;:!?'\u2026"
_FILLING = listed("a an app application azure for gateway me my now our please pls the")
_ALONE = ("version", "help")
VERBS = ("diagnose", "list", "status", "history", "version", "help")


def parse(text: str) -> Command:
    """Parse what follows `/agw`, or what surrounds the mention of the bot."""
    said = addressed(text)
    words = said.split()
    if not words:
        return Which()
    verb, rest = words[0].lower().rstrip(_MARKS), words[1:]
    if verb in VERBS:
        return _command(verb, rest)
    return spoken(text) or wanted_in(said) or Usage(" ".join(words), _meant(verb, rest))


def _command(verb: str, rest: list[str]) -> Command:
    match verb:
        case "help":
            return Help()
        case "version":
            return Version()
        case "list":
            return List(_target(rest))
        case "status":
            return Status(_target(rest) or None)
        case "history":
            return History(_target(rest) or None)
    again = len(rest) > 1 and rest[-1].lower().rstrip(_MARKS) == "again"
    target = _target(rest[:-1] if again else rest)
    return Diagnose(target, again) if target else Which()


def _target(rest: list[str]) -> str:
    """The gateway in "the gateway agw-prod, please.": all of it, if no word is more telling than the others."""
    given = [it for word in rest if (it := word.strip("'").rstrip(_MARKS))]
    names = [it for it in given if it.lower() not in _FILLING] or given
    telling = next(filter(is_telling, names), None)
    return telling or " ".join(names)


def _meant(verb: str, rest: list[str]) -> str | None:
    near = get_close_matches(verb, VERBS, n=1)
    if near:
        return " ".join([*near, *(rest if near[0] not in _ALONE else ())])
    # A name without a verb.
    name = next(telling_names(" ".join([verb, *rest])), None)
    return f"diagnose {name}" if name is not None else None
