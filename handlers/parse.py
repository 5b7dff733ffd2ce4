"""What a person typed to the bot, as a command. Pure: the workflow finds out which gateway is meant.

One grammar for `/agw ...` and `@agw ...`. Whoever speaks to the bot expects an answer, so doubtful input gets one.
"""

from difflib import get_close_matches

from handlers.command_model import Command, Diagnose, Help, History, Status, Usage, Version
from handlers.hearing.names import is_telling
from handlers.hearing.report import spoken
from handlers.hearing.text import MENTION, as_typed

VERBS = ("diagnose", "status", "history", "version", "help")


def parse(text: str) -> Command:
    """Parse what follows `/agw`, or what surrounds the mention of the bot."""
    words = as_typed(MENTION.sub(" ", text)).split()
    if not words:
        return Help()
    verb, rest = words[0].lower(), words[1:]
    if verb in VERBS:
        return _command(verb, rest)
    return spoken(text) or Usage(" ".join(words), _meant(verb, rest))


def _command(verb: str, rest: list[str]) -> Command:
    match verb:
        case "help":
            return Help()
        case "version":
            return Version()
        case "status":
            return Status(" ".join(rest) or None)
        case "history":
            return History(" ".join(rest) or None)
    again = len(rest) > 1 and rest[-1].lower() == "again"
    target = " ".join(rest[:-1] if again else rest)
    return Diagnose(target, again) if target else Usage(verb, "diagnose <gateway>")


def _meant(verb: str, rest: list[str]) -> str | None:
    near = get_close_matches(verb, VERBS, n=1)
    if near:
        return " ".join([*near, *rest])
    # Only a gateway's name: the verb was forgotten.
    return f"diagnose {verb}" if not rest and is_telling(verb) else None
