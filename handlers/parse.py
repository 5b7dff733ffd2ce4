"""What a person typed -> what they want. Pure: which gateway it is, the workflow finds out.

One grammar for `/agw ...` and `@agw ...`, and the wordings in which people report a 502 in a channel. There the bot
only overhears, so doubt means silence. Time is in proportion to the text: no pattern begins again in its own match.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import pairwise

from bot.core.target import resource_id


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


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LINK = re.compile(r"<(?P<url>(?:https?://|mailto:)[^<|>\s]+)(?:\|(?P<label>[^<>]*))?>")
_MENTION = re.compile(r"<[@#!][^<>]*>")
_TYPED_ALIKE = str.maketrans(
    "\u201c\u201d\u201e\xab\xbb\u2018\u2019\u201a", '"' * 5 + "'" * 3, "\u200b\u200d\u2060\ufeff"
)
_EMPHASIS = re.compile(r"(?<![\w/])~[^~\n]+~(?!\w)|(?<!\w)[*_]|[*_](?!\w)")
_CITED = re.compile(r"`([^`\n]*)`|(?<!\w)(?:\"([^\"\n]*)\"|'([^'\n]*)')(?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n")
_SYMPTOM = re.compile(
    r"(?i)(?<![\w.,$€£#:/-])(?:(?:https?|errors?|status|code|fehler)[ :=-]{0,2})?"
    r"50[24](?:'?s|'?ing|er[ns]?)?(?:/50[234]s?)*(?:-(?:errors?|fehlern?))?(?![\w%€$£]|[.,:/-]\w)"
    r"|\bbad[ -]gateways?\b|\bgateway[ -]time-?outs?\b"
)
_WORD = re.compile(r"[^\s,;()\[\]{}<>|\"]+")
# A tag of a monitor may stand before it: `gateway:agw-prod`.
_NAME = re.compile(r"(?:[A-Za-z_]{2,20}[:=](?!//))?([A-Za-z0-9/][\w.:/?#=%&@+~-]*)")
_NO_NAME = re.compile(
    r"(?i)v?\d+[.-]\d|https?/\d|\d+-|[^:]*@|\w+::|(?:\w\.)+\w?$"
    r"|[^/]*\.(?:bicep|conf|cs|csv|dll|go|html?|java|js|json|log|md|pdf|png|py|sh|sql|tf|ts|txt|ya?ml)$"
)
_WORDS = _set("""
a again all also alert alerts an and any app are as at azure backend because but by cluster config did do does error
errors for from gateway gateways gw has have health how i if in is it its itself layer log logs mean means metrics my no
node not now of on or our page pool problem server service side since so still team than that the then there this
timeout to today was we were what when where which while who why will with you
""")
_PLACE = _set("@ at auf aus bei beim behind by for from hinter im in on sur through via vom von")
_BETWEEN = _set("a an app application azure das dem der die my our the unserem unserer")
_KIND = _set("agw appgw gateway gateways")
# A bare number is a status or not by its neighbours: "502 tickets", "room 502".
_COUNTED = _set("""
around build building chambre chf cost costs eur euro extension flight floor gate gbp id invoice issue line no nr number
order paid port pr raum release revision rfc room row seite sku suite tcp ticket usd v ver version zeile zimmer € $ £
""")
_SPREAD = _PLACE | _set("""
again all alle always an and app appgw application azure bad code codes constantly error errors every everybody everyone
everywhere fehler gateway immer intermittently jetzt keeps noch now oder or page proxy randomly response responses seit
since sometimes spike spikes still rate rates there timeout timeouts today too und when while wieder with
""")
# Sentences that are no report: it is over, or past, or only talked about.
_STILL = _set("again still noch wieder")
_NOW = _STILL | _set("aktuell currently gerade jetzt just now")
_OVER = _set(
    "anymore behoben cleared closed fixed gone mitigated recovered resolved solved vanished"
)
_PAST = _set("ago earlier gestern had hatte hatten letzte previously war waren was were yesterday")
_TALK = _set("""
article bedeutet beispiel blog caused danke dashboard demo docs documentation drill ever example expect expected
exercise explain fixing great handle handler handles handling imagine joke latency mean meaning means might mock
mocked playbook post-mortem postmortem rca remember reminder retro root runbook simulate simulated simulating simulation
slides summary suppose thanks training turned wiki would wrote
""")
_IF = _set("falls if ob sobald unless wenn when whenever whether")
_DENIED = re.compile(
    r"(?i)(?:\b(?:no|not|without|zero|0|never|nobody|kein\w{0,2}|niemand|ohne|nicht|nie|stopped)|n't)"
    r"(?:\s+(?:an?|any|more|new|longer|see|seen|saw|seeing|gets?|getting|returns?|returning|gives?|giving|throws?"
    r"|throwing|http|status|mehr|neuen?)){0,5}\s*$"
)


def plain(text: str) -> str:
    """The text as it was typed: Slack's links and escapes taken back.

    https://docs.slack.dev/messaging/formatting-message-text/#retrieving-messages
    """
    unlinked = _LINK.sub(_typed, text)
    return unlinked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def parse(text: str) -> Command:
    """What follows `/agw`, or what stands beside the mention of the bot."""
    words = plain(_MENTION.sub(" ", text)).split()
    if not words:
        return Help()
    verb, rest = words[0].lower(), words[1:]
    if verb in VERBS:
        return _command(verb, rest)
    reported = report(text)
    if reported is not None:
        return replace(reported, sure=True)  # Whoever speaks to the bot wants an answer.
    return Usage(" ".join(words), _meant(verb, rest))


def report(text: str) -> Diagnose | None:
    """The gateway that a report of a 502 or 504 most likely names; None for anything else, chatter included."""
    return next(iter(reports(text)), None)


def reports(text: str) -> tuple[Diagnose, ...]:
    """All that a report may name, the likeliest first; which of them is a gateway is for the workflow to say."""
    said = _own_words(text)
    again = said.lower().rstrip(" .!?").endswith(" again")
    telling = [it for it in _SENTENCE_END.split(said) if _is_report(it)]
    names = [near for it in telling for near in _places(it)]
    # What it is about may stand in a sentence of its own: "agw-prod is slow. Getting 502s."
    alone = not names and _PLACE.isdisjoint(" ".join(telling).lower().split())
    if telling:
        names += [(it, False) for it in _telling_names(said) if alone or "://" in it]
    return tuple(dict.fromkeys(Diagnose(name, again, sure) for name, sure in names))


def mentioned(text: str) -> tuple[str, ...]:
    """What may be a gateway, site or resource id in a message, whatever its wording; the likeliest first."""
    reported = (it.target for it in reports(text))
    return tuple(dict.fromkeys((*reported, *_telling_names(plain(_MENTION.sub(" ", text))))))


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


def _own_words(text: str) -> str:
    """What the author says, without what is only shown: pasted code, citations, what was struck out."""
    unfenced = _MENTION.sub(" ", " ".join(text.split("```")[::2]))
    lines = plain(unfenced).translate(_TYPED_ALIKE).split("\n")
    own = "\n".join(it for it in lines if not it.lstrip().startswith(">"))
    return _EMPHASIS.sub("", _CITED.sub(_uncited, own))


def _uncited(cited: re.Match[str]) -> str:
    """A name or an error message between quotes belongs to the sentence; a whole report there is somebody else's."""
    inside = cited[cited.lastindex or 0]
    if not _SYMPTOM.search(inside):
        return inside
    others = _SYMPTOM.sub(" ", inside)
    # Code with a status in it is code, unless it is the status line itself.
    names = _names(others) if cited.lastindex == 1 else _telling_names(others)
    return inside if all(it.lower().startswith("http/") for it in names) else " "


def _is_report(sentence: str) -> bool:
    """Whether it tells of an incident that is under way."""
    found = _symptom(sentence)
    words = {it.group().strip(".:!?'").lower() for it in _WORD.finditer(sentence)}
    if found is None or words & _TALK:
        return False
    if (words & _OVER and not words & _STILL) or (words & _PAST and not words & _NOW):
        return False
    before = [*sentence[: found.start()].lower().split(), ""]
    # "When I open the shop I get 502" happens; "when the shop gives 502" is a thought.
    return not any(it in _IF and to != "i" and to[-3:] != "ing" for it, to in pairwise(before))


def _symptom(sentence: str) -> re.Match[str] | None:
    """The first that is a status, and not denied."""
    for it in _SYMPTOM.finditer(sentence):
        denied = _DENIED.search(sentence, max(0, it.start() - 80), it.start())
        if not denied and _is_status(sentence, it):
            return it
    return None


def _is_status(text: str, symptom: re.Match[str]) -> bool:
    """Whether a bare number is a status: by the words around it."""
    if not symptom.group().isdigit():
        return True
    begin, end = symptom.span()
    before = re.search(r"([\w€$£]+)[ :#.]*$", text[max(0, begin - 40) : begin])
    after = re.match(r"\s+([^\s,;:!?()]+)", text[end : end + 80])
    previous = before[1].lower() if before else ""
    following = after[1].rstrip(".'").lower() if after else ""
    if previous in _COUNTED or previous == "for" or following in _COUNTED:
        return False
    is_error = following in _SPREAD or _is_telling(following)
    return is_error or not any(map(str.isalnum, following))


def _places(sentence: str) -> Iterator[tuple[str, bool]]:
    """Names in a report, the likeliest first; and whether the word "gateway" before them says so."""
    found = _symptom(sentence)
    if found is not None:
        before, after = sentence[: found.start()], _SYMPTOM.sub(" ", sentence[found.end() :])
        yield from _placed([it.group() for it in _WORD.finditer(after)])
        names = (*reversed([*_telling_names(before)]), *_telling_names(after))
        yield from ((name, False) for name in names)


def _placed(words: list[str]) -> Iterator[tuple[str, bool]]:
    """After "from", "on" and the like."""
    for at, word in enumerate(words):
        if word.lower() in _PLACE:
            rest = (it for it in words[at + 1 : at + 6] if it.lower() not in _BETWEEN)
            following = next(rest, "")
            kind = following.lower() in _KIND
            name = _name(next(rest, "") if kind else following)
            if name and (kind or _is_telling(name)):
                yield name, kind


def _name(token: str) -> str | None:
    found = _NAME.match(token.strip("`'*_"))
    name = found[1].rstrip(".:?&=+-~") if found else ""
    return name if name and name.lower() not in _WORDS else None


def _names(text: str) -> Iterator[str]:
    return (name for it in _WORD.finditer(text) if (name := _name(it.group())) is not None)


def _telling_names(text: str) -> Iterator[str]:
    return filter(_is_telling, _names(text))


def _is_telling(name: str) -> bool:
    """Whether a word is a name by its looks, with nothing before it that says so."""
    if "://" in name or resource_id(name):
        return True
    if name.startswith("/") or _NO_NAME.match(name) or name.lower() in _KIND:
        return False
    joined = any(mark in name[1:] for mark in "-._") and any(map(str.isalpha, name))
    return joined or any(mark in name.lower() for mark in ("agw", "apgw", "appgw"))
