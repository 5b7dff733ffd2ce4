"""What a person typed -> what they want. Pure: which gateway it is, the workflow finds out.

One grammar for `/agw ...` and `@agw ...`, and the wordings in which people report a 502 in a channel.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be asked."""


@dataclass(frozen=True, slots=True)
class Version:
    """Which version is running."""


@dataclass(frozen=True, slots=True)
class Diagnose:
    """Diagnose a gateway; `again`: even if somebody just did. Not `sure`: it may be no gateway's name at all."""

    target: str
    again: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """What is going on, everywhere or at one gateway."""

    target: str | None


@dataclass(frozen=True, slots=True)
class History:
    """The changes so far, everywhere or at one gateway."""

    target: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """It was not understood; `meant` is the nearest thing that would be."""

    said: str
    meant: str | None


Command = Help | Version | Diagnose | Status | History | Usage

VERBS = ("diagnose", "status", "history", "version", "help")

_LINK = re.compile(r"<(?P<url>(?:https?://|mailto:)[^|>\s]+)(?:\|(?P<label>[^>]*))?>")
_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")
_SYMPTOM = re.compile(r"\b50[24]s?\b|\bbad\s+gateways?\b|\bgateway\s+time-?outs?\b", re.IGNORECASE)
# The preposition, and between it and the name at most an article and what kind of thing it is.
_WHERE = re.compile(
    r"\b(?:from|on|at|via|behind|by|for)\s+(?:(?:the|our|my)\s+)?"
    r"(?P<kind>(?:application\s+|app\s+)?gateway\s+|app\s?gw\s+)?(?P<name>[^\s,;!?()]+)",
    re.IGNORECASE,
)
_GATEWAY = re.compile(r"\bgateway\s+(?P<name>[^\s,;!?()]+)", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9/][\w.:/?#=%&@+~-]*")
_COMMON = """
a again all also an and any app are as at azure because but by did do does error errors for
from gateway gateways gw has have how i if in is it its mean means my no not now of on or our
since so still than that the then there this timeout to today was we were what when where which
while who why will with you
"""
_WORDS = frozenset(_COMMON.split())


def plain(text: str) -> str:
    """The text as it was typed: Slack's links and escapes taken back.

    https://docs.slack.dev/messaging/formatting-message-text/#retrieving-messages
    """
    unlinked = _LINK.sub(_typed, text)
    return unlinked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def parse(text: str) -> Command:
    """What follows `/agw`, or what stands beside the mention of the bot."""
    words = _MENTION.sub(" ", plain(text)).split()
    if not words:
        return Help()
    verb, rest = words[0].lower(), words[1:]
    if verb in VERBS:
        return _command(verb, rest)
    reported = report(" ".join(words))
    if reported is not None:
        return reported
    return Usage(" ".join(words), _meant(verb, rest))


def report(text: str) -> Diagnose | None:
    """The gateway that a report of a 502 or 504 names; None for anything else, chatter included."""
    said = _MENTION.sub(" ", plain(text))
    for symptom in _SYMPTOM.finditer(said):
        for found in _WHERE.finditer(_sentence(said, symptom.start())):
            name = _name(found["name"])
            if name is not None and (found["kind"] is not None or _is_telling(name)):
                sure = found["kind"] is not None or "://" in name
                return Diagnose(name, _ends_with_again(said), sure)
    if _SYMPTOM.search(said):
        names = (_name(found["name"]) for found in _GATEWAY.finditer(said))
        first = next((name for name in names if name and _is_telling(name)), None)
        return Diagnose(first, _ends_with_again(said)) if first else None
    return None


def mentioned(text: str) -> tuple[str, ...]:
    """What may be a gateway, site or resource id in a message, whatever its wording; the likeliest first."""
    reported = report(text)
    first = (reported.target,) if reported is not None else ()
    names = _names(_MENTION.sub(" ", plain(text)))
    return tuple(dict.fromkeys((*first, *(name for name in names if _is_telling(name)))))


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
    # A gateway's name alone: the verb was forgotten.
    return f"diagnose {verb}" if not rest and _is_telling(verb) else None


def _typed(link: re.Match[str]) -> str:
    url, label = link["url"], link["label"]
    # Slack links bare names by itself; then the label is what was typed.
    return label if label and url.rstrip("/").endswith(label.rstrip("/")) else url


def _sentence(text: str, start: int) -> str:
    """From `start` to the end of that sentence: a full stop that something follows."""
    return re.split(r"[.!?](?:\s|$)|\n", text[start:], maxsplit=1)[0]


def _name(token: str) -> str | None:
    found = _NAME.match(token.strip("`'\"*_<>"))
    name = found.group().rstrip(".,:;!?'\"") if found else ""
    return name if name and name.lower() not in _WORDS else None


def _names(text: str) -> Iterator[str]:
    return (name for name in map(_name, text.split()) if name is not None)


def _is_telling(name: str) -> bool:
    """Whether a word is a name by its looks, with nothing before it that says so."""
    joined = any(mark in name[1:] for mark in "-./") and not name.replace("/", "").isdigit()
    return joined and any(letter.isalpha() for letter in name)


def _ends_with_again(text: str) -> bool:
    return text.lower().rstrip(" .!?").endswith(" again")
