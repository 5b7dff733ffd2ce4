"""What somebody must learn, stored until it was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

WordKind = Literal["card", "reply", "note", "request"]
KINDS: frozenset[str] = frozenset(get_args(WordKind))
"""A stored word may be of another kind: a replica of a later version has stored it."""


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody must learn, as parts: it is rendered when it is said, from what is stored then.

    `key`: a word of the same key is said once, however often it is stored. `place`: an incident's id; words of one
    place are said one after another, in the order in which they were stored. `kind`: `card` brings the card in line,
    `reply` is an answer in the card's thread, `note` is for one person, `request`
    asks the approvers in their own channel, or brings that message in line. `about`: a change's id, or an incident's.
    """

    key: str
    place: str
    kind: WordKind
    about: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A stored word that Slack has not taken yet; it is not to be tried before `due`.

    `tries`: attempts begun so far. `begun`: one is under way, perhaps in a process that was killed since, so that it
    may have been said.
    """

    seq: int
    word: Word
    tries: int
    due: datetime
    begun: bool
