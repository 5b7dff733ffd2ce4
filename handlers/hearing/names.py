"""Which words of a text may name a gateway or a site."""

import re
from collections.abc import Iterator

from bot.core.routing.target import resource_id_in


def words(listed: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(listed.split())


WORD = re.compile(r"[^\s,;()\[\]{}<>|\"]+")
# A monitor may put a tag before it: `gateway:agw-prod`.
_NAME = re.compile(r"(?:[A-Za-z_]{2,20}[:=](?!//))?([A-Za-z0-9/][\w.:/?#=%&@+~-]*)")
_NO_NAME = re.compile(
    r"(?i)v?\d+[.-]\d|https?/\d|\d+-|[^:]*@|\w+::|(?:\w\.)+\w?$"
    r"|[^/]*\.(?:bicep|conf|cs|csv|dll|go|html?|java|js|json|log|md|pdf|png|py|sh|sql|tf|ts|txt|ya?ml)$"
)
_NO_NAMES = words("""
a again all also alert alerts an and any app are as at azure backend because but by cluster config did do does error
errors for from gateway gateways gw has have health how i if in is it its itself layer log logs mean means metrics my no
node not now of on or our page pool problem server service side since so still team than that the then there this
timeout to today was we were what when where which while who why will with you
""")
KIND = words("agw appgw gateway gateways")


def name_in(token: str) -> str | None:
    """The name in a word, without the marks around it."""
    found = _NAME.match(token.strip("`'*_"))
    name = found[1].rstrip(".:?&=+-~") if found else ""
    return name if name and name.lower() not in _NO_NAMES else None


def possible_names(text: str) -> Iterator[str]:
    """All words that are not ordinary ones, whether they look like names or not."""
    return (name for it in WORD.finditer(text) if (name := name_in(it.group())) is not None)


def telling_names(text: str) -> Iterator[str]:
    """The words that look like names."""
    return filter(is_telling, possible_names(text))


def is_telling(name: str) -> bool:
    """Whether a word looks like a name, without a word such as "gateway" before it."""
    if "://" in name or resource_id_in(name):
        return True
    if name.startswith("/") or _NO_NAME.match(name) or name.lower() in KIND:
        return False
    joined = any(mark in name[1:] for mark in "-._") and any(map(str.isalpha, name))
    return joined or any(mark in name.lower() for mark in ("agw", "apgw", "appgw"))
