"""A message as it was typed, and the part of it that its author wrote."""

import re

from handlers.hearing.names import possible_names, telling_names
from handlers.hearing.symptom import SYMPTOM

_LINK = re.compile(r"<(?P<url>(?:https?://|mailto:)[^<|>\s]+)(?:\|(?P<label>[^<>]*))?>")
MENTION = re.compile(r"<[@#!][^<>]*>")
_TYPED_ALIKE = str.maketrans(
    "\u201c\u201d\u201e\xab\xbb\u2018\u2019\u201a", '"' * 5 + "'" * 3, "\u200b\u200d\u2060\ufeff"
)
_UNMARKED = str.maketrans({"`": None, '"': None})
_EMPHASIS = re.compile(r"(?<![\w/])~[^~\n]+~(?!\w)|(?<!\w)[*_]|[*_](?!\w)")
_CITED = re.compile(r"`([^`\n]*)`|(?<!\w)(?:\"([^\"\n]*)\"|'([^'\n]*)')(?!\w)")
_TYPO = re.compile(r"(?i)\b(?:form|fom|frm|fron)(?=\s+\w+[-./]\w)")
"""Before a name, "form" is a misspelt "from"."""


def as_typed(text: str) -> str:
    """The text as it was typed, without Slack's links and escapes.

    https://docs.slack.dev/messaging/formatting-message-text/#retrieving-messages
    """
    unlinked = _LINK.sub(_typed, text)
    return unlinked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _typed(link: re.Match[str]) -> str:
    url, label = link["url"], link["label"]
    # Slack turns bare names into links; then the label is what was typed.
    return label if label and url.rstrip("/").endswith(label.rstrip("/")) else url


def addressed(text: str) -> str:
    """What is said to the bot, without the mention, what follows it ("@agw, ..."), quotation marks and emphasis."""
    said = as_typed(MENTION.sub(" ", text)).translate(_TYPED_ALIKE).translate(_UNMARKED)
    return _EMPHASIS.sub("", said).lstrip(" ,:;.!-\u2013\u2014\n").rstrip()


def own_words(text: str) -> str:
    """What the author says, without what is only quoted: pasted code, citations, struck-out text."""
    unfenced = MENTION.sub(" ", " ".join(text.split("```")[::2]))
    lines = as_typed(unfenced).translate(_TYPED_ALIKE).split("\n")
    own = "\n".join(it for it in lines if not it.lstrip().startswith(">"))
    return _TYPO.sub("from", _EMPHASIS.sub("", _CITED.sub(_uncited, own)))


def _uncited(cited: re.Match[str]) -> str:
    """A quoted name or error message belongs to the sentence; a whole quoted report is somebody else's."""
    inside = cited[cited.lastindex or 0]
    if not SYMPTOM.search(inside):
        return inside
    others = SYMPTOM.sub(" ", inside)
    # Code that contains a status is code, unless it is the status line itself.
    found = possible_names(others) if cited.lastindex == 1 else telling_names(others)
    return inside if all(it.lower().startswith("http/") for it in found) else " "
