"""How people report a 502 in a channel, and how they name the gateway."""

import re
from collections.abc import Iterator
from dataclasses import replace

from handlers.command_model import Diagnose
from handlers.hearing.current_incident import is_current_incident, is_over
from handlers.hearing.names import KIND, WORD, is_telling, name_in, telling_names, words
from handlers.hearing.symptom import PLACE, SYMPTOM, symptom_in
from handlers.hearing.text import MENTION, as_typed, own_words

_SENTENCE_END = re.compile(r"(?<=[.!?;])(?<!e\.g\.)(?<!z\.B\.)\s+|\n")
MOST_SENTENCES = 100
"""How many sentences are read, from both ends: nobody reports a 502 in more, and pasted logs hold nobody else up."""
_BETWEEN = words("a an app application azure das dem der die my our the unserem unserer")


def report(text: str) -> Diagnose | None:
    """The gateway that a report of a 502 or 504 most likely names; None if the text is no such report."""
    return next(iter(reports(text)), None)


def reports(text: str) -> tuple[Diagnose, ...]:
    """Everything that a report may name, likeliest first; the workflow finds out which is a gateway."""
    said = own_words(text)
    again = said.lower().rstrip(" .!?").endswith(" again")
    sentences = sentences_of(said)
    telling = [it for it in sentences if is_report(it)]
    if telling and any(map(is_over, sentences[sentences.index(telling[-1]) + 1 :])):
        return ()  # "Bad gateway on the shop. Fixed."
    names = [near for it in telling for near in _places(it)]
    # The name may be in another sentence: "agw-prod is slow. Getting 502s."
    alone = not names and PLACE.isdisjoint(" ".join(telling).lower().split())
    if telling:
        names += [(it, False) for it in telling_names(said) if alone or "://" in it]
    return tuple(dict.fromkeys(Diagnose(name, again, sure) for name, sure in names))


def mentioned(text: str) -> tuple[str, ...]:
    """What may be a gateway, site or resource id in a message, however it is worded; likeliest first."""
    reported = (it.target for it in reports(text))
    return tuple(dict.fromkeys((*reported, *telling_names(as_typed(MENTION.sub(" ", text))))))


def spoken(text: str) -> Diagnose | None:
    """What to diagnose when the bot was addressed: then a 502 and a name are enough, however they are worded."""
    said = as_typed(MENTION.sub(" ", text))
    wanted = report(text) or next(map(Diagnose, telling_names(said)), None)
    return replace(wanted, sure=True) if wanted and SYMPTOM.search(said) else None


def sentences_of(said: str) -> list[str]:
    """The sentences that are read of what somebody wrote."""
    sentences = _SENTENCE_END.split(said)
    if len(sentences) <= MOST_SENTENCES:
        return sentences
    half = MOST_SENTENCES // 2
    return [*sentences[:half], *sentences[-half:]]


def is_report(sentence: str) -> bool:
    """Whether it reports an ongoing incident."""
    found = symptom_in(sentence)
    return found is not None and is_current_incident(sentence, found.start())


def _places(sentence: str) -> Iterator[tuple[str, bool]]:
    """The names in a report, likeliest first; and whether the word "gateway" before one confirms it."""
    found = symptom_in(sentence)
    if found is not None:
        before, after = sentence[: found.start()], SYMPTOM.sub(" ", sentence[found.end() :])
        yield from _placed([it.group() for it in WORD.finditer(after)])
        names = (*reversed([*telling_names(before)]), *telling_names(after))
        yield from ((name, False) for name in names)


def _placed(words: list[str]) -> Iterator[tuple[str, bool]]:
    """The names after "from", "on" and the like."""
    for at, word in enumerate(words):
        if word.lower() in PLACE:
            rest = (it for it in words[at + 1 : at + 6] if it.lower() not in _BETWEEN)
            following = next(rest, "")
            kind = following.lower() in KIND
            name = name_in(next(rest, "") if kind else following)
            if name and (kind or is_telling(name)):
                yield name, kind
