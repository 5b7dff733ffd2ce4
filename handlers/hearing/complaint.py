"""Trouble in plain words, without a status: "what is wrong with agw-test?", "gateway agw-test is down".

Whoever speaks to the bot expects an answer, so there a word of trouble is enough. In a channel only whole sentences
count that can mean nothing else, and only about a gateway that there is.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from handlers.command_model import Diagnose, Which
from handlers.hearing.current_incident import is_current_incident
from handlers.hearing.names import KIND, WORD, is_telling, name_in, telling_names
from handlers.hearing.report import is_report, reports, sentences_of
from handlers.hearing.symptom import SYMPTOM
from handlers.hearing.text import own_words

_ASKED = re.compile(
    r"(?i)\b(?:check|looks? (?:at|into)|wrong|down|broken|dead|slow|problems?|trouble|issues?|errors?|again"
    r"|fail(?:s|ing|ed|ures?)?|unhealthy|unreachable|offline|outage|investigate|diagnos(?:e|is)|examine|inspect|analy[sz]e|kaputt|langsam"
    r"|not (?:working|responding|reachable|healthy|ok(?:ay)?)|pr\u00fcfe?)\b"
)
_KIND = r"(?:(?:the|our|my|app|application|azure) )*(?:gateway|appgw|agw) "
_THE = r"(?:(?:the|our|my|app|application|azure|gateway|appgw) )*"
_BAD = r"(?:down|broken|dead|offline|unreachable|not (?:reachable|responding|working))"
_VERY = r"(?:(?:completely|totally|all|still|currently) )?"
_END = r"(?: (?:again|now|right now|at the moment|currently|here|too))?[\s.!?]*$"
_COMPLAINTS = (
    re.compile(
        rf"(?i)\b(?:what(?:'s| is|s)|(?:is )?(?:something|anything)(?:'s| is)?) wrong with {_THE}(?P<name>\S+?){_END}"
    ),
    re.compile(
        rf"(?i)\b{_KIND}(?P<name>\S+) (?:is|seems|looks|appears|went) (?:to be )?{_VERY}{_BAD}{_END}"
    ),
    re.compile(rf"(?i)^\W*is {_KIND}(?P<name>\S+) {_VERY}{_BAD}{_END}"),
)
_NAMELESS = re.compile(
    r"(?i)\b(?:from|on|at|by|via|behind|vom|beim) (?:(?:the|our|my|an?|app|application|azure) )*(?:gateway|appgw)"
    r"(?: (?:again|now|since \w+))?[\s.!?]*$"
)


def heard_in(text: str) -> tuple[Diagnose, ...]:
    """Everything that a message in a channel may report trouble of, likeliest first."""
    return reports(text) or tuple(_complaints(text))


def is_nameless(text: str) -> bool:
    """Whether it reports a 502 "from the gateway", and names none: then it is worth asking which one."""
    return not heard_in(text) and any(
        is_report(it) and _NAMELESS.search(it) for it in sentences_of(own_words(text))
    )


def wanted_in(said: str) -> Diagnose | Which | None:
    """What somebody who speaks to the bot wants, in words of trouble; None if there are none in it."""
    if not _ASKED.search(said) and not SYMPTOM.search(said):
        return None
    name = next(_after_kind(said), None) or next(telling_names(said), None)
    again = said.lower().rstrip(" .!?").endswith(" again")
    return Diagnose(name, again) if name is not None else Which()


def _complaints(text: str) -> Iterator[Diagnose]:
    for sentence in sentences_of(own_words(text)):
        for complaint in _COMPLAINTS:
            found = complaint.search(sentence)
            name = name_in(found["name"]) if found else None
            if found and name and is_current_incident(sentence, found.start()):
                yield Diagnose(name, sure=False)


def _after_kind(said: str) -> Iterator[str]:
    """The name after the word "gateway"."""
    words = [it.group() for it in WORD.finditer(said)]
    for before, word in pairwise(words):
        name = name_in(word) if before.lower() in KIND else None
        if name is not None and (is_telling(name) or before.lower() == "gateway"):
            yield name
