"""Where a text mentions a 502 or 504, and whether a bare number is one."""

import re
from itertools import islice

from handlers.hearing.names import is_telling, words

SYMPTOM = re.compile(
    r"(?i)(?<![\w.,$€£#:/-])(?:(?:https?|errors?|status|code|fehler)[ :=-]{0,2})?"
    r"50[24](?:'?s|'?ing|er[ns]?)?(?:/50[234]s?)*(?:-(?:errors?|fehlern?))?(?![\w%€$£]|[.,:/-]\w)"
    # With common typing errors: badgateway, gatway, gatewy.
    r"|\bbad[ -]?ga?te?wa?ys?\b|\bgateway[ -]time-?outs?\b"
)
PLACE = words("@ at auf aus bei beim behind by for from hinter im in on sur through via vom von")
# The words around a bare number tell whether it is a status: "502 tickets" and "room 502" are not.
_COUNTED = words("""
apartment around bay build building bus chambre chf cost costs count desk eur euro extension flat flight floor gate
gbp house id invoice issue item line locker model no nr number order paid port pr raum release revision rfc room row
seite sku street suite table tcp threshold ticket usd value wert v ver version zeile zimmer € $ £
""")
_SPREAD = PLACE | words("""
after again all alle always an and anyone app appgw application are azure bad because before but code codes constantly
during error errors every everybody everyone everywhere fehler gateway help here hier immer intermittently is issues
jetzt just keeps nach noch now oder or page please problem problems proxy randomly response responses seit since so
sometimes spike spikes still rate rates there timeout timeouts today to too trouble und was were when while wieder
with zur\u00fcck
""")
_DENIED = re.compile(
    r"(?i)(?:\b(?:no|not|without|zero|0|never|nobody|kein\w{0,2}|niemand|ohne|nicht|nie|stopped)|n't)"
    r"(?:\s+(?:an?|any|single|more|new|longer|see|seen|saw|seeing|gets?|getting|returns?|returning|gives?|giving|throws?"
    r"|throwing|http|status|errors?|returned|mehr|neuen?)){0,5}\s*$"
)


MOST_MENTIONS = 50
"""How many mentions are looked at in one sentence: a message of nothing but "502" must not hold everybody else up."""


def symptom_in(sentence: str) -> re.Match[str] | None:
    """The first mention that is a status and not negated."""
    for it in islice(SYMPTOM.finditer(sentence), MOST_MENTIONS):
        denied = _DENIED.search(sentence, max(0, it.start() - 80), it.start())
        if not denied and _is_status(sentence, it):
            return it
    return None


def _is_status(text: str, symptom: re.Match[str]) -> bool:
    """Whether it is a status; for a bare number, the words around it decide."""
    begin, end = symptom.span()
    if text[max(0, begin - 3) : begin].rstrip().endswith("=="):
        return False  # A query or a condition in code.
    if not symptom.group().isdigit():
        return True
    before = re.search(r"([\w€$£]+)(?: is| ist)?[ :#.]*$", text[max(0, begin - 40) : begin])
    after = re.match(r"\s+([^\s,;:!?()]+)", text[end : end + 80])
    previous = before[1].lower() if before else ""
    following = after[1].rstrip(".'").lower() if after else ""
    if previous in _COUNTED or previous == "for" or following in _COUNTED:
        return False
    is_error = following in _SPREAD or is_telling(following)
    return is_error or not any(map(str.isalnum, following))
