"""Whether a sentence reports what is happening now: not over, past, planned, hypothetical or only discussed."""

import re
from itertools import pairwise

from handlers.hearing.names import WORD, words

_STILL = words("again back still noch wieder")
# A verb in the present tense says so too: "since last night it gives 502".
_NOW = _STILL | words("""
aktuell answers been currently get gets gerade gibt gives jetzt just keeps liefert now responds returns seit sends
serves shows since throws wirft
""")
_OVER = words("""
anymore behoben cleared closed closing erledigt fixed gel\u00f6st gone history mitigated recovered resolved solved
sorted stopped vanished
""")
_OVER_AT_ALL = re.compile(
    r"(?i)\ball (?:clear|good|green)\b|\bfalse alarm\b|\bback to normal\b|\bto zero\b|\bfehlalarm\b"
    r"|\b(?:fine|good|green|healthy|normal|ok|okay|stable|works?|working|geht|l\u00e4uft)"
    r"(?: (?:es|it|just|alles|everything))? (?:again|now|wieder)\b"
    r"|\b(?:is|are|been|looks?|ist) stable\b|\b(?<!all )(?:over|vorbei)\W*$"
    r"|:(?:white_check_mark|heavy_check_mark|tada|large_green_circle):|[\u2705\u2714]"
)
_NOT_OVER = re.compile(
    r"(?i)(?:\b(?:not|never|nicht|isn't|aren't|wasn't|hasn't|haven't)(?: (?:yet|really|been))?) $"
)
_PAST = words(
    "came earlier gestern had hatte hatten letzte previously saw war waren was were yesterday"
)
_LAST = re.compile(
    r"(?i)\blast (?:night|week|month|quarter|year|time|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|(?<!minute)(?<!minutes)(?<!min)(?<!mins)(?<!hour)(?<!hours)(?<!h) ago\b"
    r"|\bletzte[nrs]? (?:nacht|woche|monat|jahr|mal)\b"
)
_TALK = words("""
agenda article assume assuming bedeutet behavior behaviour beispiel blog budget caused chaos custom danke dashboard
demo discuss doc docs document documentation documented documenting drill e.g eg ever example exercise expect expected
explain explainer feature fixing generally great handle handler handles handling hypothetically ignore ignoriere
ignorieren imagine joke latency lessons listens maintenance mean meaning means might mock mocked normally planned
playbook post-mortem postmortem pretend pretending rca remember reminder retro root runbook scheduled simulate
simulated simulating simulation sla slides slo summary suppose supposed thanks theoretically todo tomorrow tonight
training turned typically upcoming usually wartung wiki wrote z.b
""")
# Building something for a status is work, not an incident: "added an alert for 502".
_MAKING = words("""
add added adding build building built configure configured configuring create created creating enable enabled enabling
implement implemented implementing mute muted set silence silenced tune tuned update updated write writing
""")
_MADE = words("""
alert alerting alerts check checks metric metrics monitor monitoring notification notifications page retries retry
rule rules script test tests ticket tickets
""")
_IF = words("falls if ob sobald unless wenn when whenever whether")
_IF_AT_ALL = re.compile(
    r"(?i)\b(?:next time|as soon as|in (?:the )?(?:event|case) of|im fall|by design|used to|back when)\b|^\W*once\b"
    r"|\b(?:ask(?:s|ed|ing)?|talk(?:s|ed|ing)?|learn|questions?) about\b"
    r"|\bread(?:s|ing)?(?: up)? (?:about|on)\b|^\W*to (?:fix|solve|resolve|avoid|prevent)\b"
    r"|\b(?:is it|is this|is that|ist es|ist das) (?:normal|ok|okay|possible|expected|known|intended)\b"
)
# What may, can or will happen; but not a request for help, nor what somebody can see.
_PERSON = r"(?:some(?:one|body)|any(?:one|body)|you|jemand|wer|others|noch)"
_MODAL = re.compile(
    r"(?i)\b(?:can|could|may|might|must|shall|should|will|would|darf|kann|k\u00f6nnen|k\u00f6nnte|muss|soll|sollte"
    rf"|w\u00fcrde|let's|lets)\b(?! {_PERSON}\b|'t| (?:only |still )?(?:see|reproduce|confirm)\b| be \w+ing\b)"
)
# A question about what happens in general, or happened once.
_GENERAL = re.compile(
    rf"(?i)^\W*(?:(?:does|did|do|has|have|had|was|were|bekommen|haben|hat)\b(?! (?:the )?{_PERSON}\b)(?=.*\?)"
    r"|(?:what|how|who|when|which|where)\b ?(?:do|does|did|happens?|many|much|often)\b"
    r"(?! (?:i|we) (?:fix|solve|resolve|stop|mitigate)\b)"
    r"|how to\b(?! (?:fix|solve|resolve|stop|mitigate)\b)|(?:wie|wann)\b(?! lange\b))"
)
# "Are 502s logged?" asks about 502s, not whether there are any.
_ABOUT_IT = re.compile(
    r"(?i)\W*(?:is|are|ist|sind|werden) (?:(?:an?|any|the|these|those|die|ein|der) )?"
)
_CLAUSE_END = re.compile(r"[,:] |\s[-\u2013\u2014] |\b(?:but|because|however|yet|aber|weil|denn)\b")


def is_current_incident(sentence: str, begin: int) -> bool:
    """Whether the sentence says that the symptom at `begin` is happening now."""
    said = _words(sentence)
    if said & _TALK or (said & _MAKING and said & _MADE) or _IF_AT_ALL.search(sentence):
        return False
    if is_over(sentence) or _is_past(sentence, said):
        return False
    before = [*sentence[:begin].lower().split(), ""]
    # "When I open the shop I get 502" is happening; "when the shop gives 502" is hypothetical.
    if any(it in _IF and to not in ("i", "we") and to[-3:] != "ing" for it, to in pairwise(before)):
        return False
    if _ABOUT_IT.fullmatch(sentence[:begin]) and "?" in sentence:
        return False
    return not _MODAL.search(_clause(sentence, begin)) and not _GENERAL.search(sentence)


def is_over(sentence: str) -> bool:
    """Whether it says that something has ended."""
    if _OVER_AT_ALL.search(sentence):
        return True
    said = [it.group().strip(".:!?'").lower() for it in WORD.finditer(sentence)]
    ended = any(it in _OVER and not _NOT_OVER.search(f"{before} ") for before, it in _pairs(said))
    return ended and _STILL.isdisjoint(said)


def _is_past(sentence: str, said: set[str]) -> bool:
    past = said & _PAST or _LAST.search(sentence)
    return bool(past) and not said & _NOW


def _pairs(said: list[str]) -> list[tuple[str, str]]:
    """Every word with the two before it."""
    return [(" ".join(said[max(0, at - 2) : at]), it) for at, it in enumerate(said)]


def _words(sentence: str) -> set[str]:
    return {it.group().strip(".:!?'").lower() for it in WORD.finditer(sentence)}


def _clause(sentence: str, at: int) -> str:
    """The part of the sentence that holds the symptom."""
    ends = [(it.start(), it.end()) for it in _CLAUSE_END.finditer(sentence)]
    begin = max((end for _, end in ends if end <= at), default=0)
    return sentence[begin : min((start for start, _ in ends if start >= at), default=len(sentence))]
