"""The chain of the audit log: each line's hash covers its text and the hash of the line before it.

The hash is SHA-256, in lower-case hex, over the bytes of the previous line's hash, one line feed, and the line's text
exactly as it is stored (JSON in ASCII); the first line follows the empty text. So a line that was changed no longer
fits its own hash, and where lines were removed or inserted, the next one does not follow. What a chain cannot show is
that its end is missing, or that somebody computed all of it anew: that takes a hash that was kept elsewhere.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Fault: TypeAlias = Literal["changed", "filed", "unchained", "apart"]
"""What may be wrong with one line where it stands.

`changed`: its hash is not that of its text. `filed`: its text fits, but not the columns by which it is found.
`unchained`: it has no hash, though a line before it has. `apart`: it does not follow the line before it.
"""

Break: TypeAlias = Literal["changed", "filed", "unchained", "removed", "rewritten", "inserted"]
"""What that means. An `apart` line is one of three: lines before it were `removed`; lines up to `until` were
`inserted`; or, where no number is missing, the line before it was `rewritten` together with its hash."""


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line as it is stored; `previous` and `hash` are None in one that was written before there was a chain.

    `filed`: whether the columns by which it is found say the same as its text.
    """

    number: int
    at: str
    text: str
    previous: str | None
    hash: str | None
    filed: bool = True


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a line stands: its number, and its time as it is stored (empty: before the first line)."""

    number: int
    at: str


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a chain was followed.

    `lines` follow each other up to `last`, whose hash is `head`; `unchained` lines before them have no hash. Their
    times are from `earliest` to `latest`: the order of the chain is that in which they were stored. `wanted` is a head
    that was kept elsewhere, and `after` how many lines came after it; None: not seen so far.
    """

    wanted: str = ""
    lines: int = 0
    unchained: int = 0
    earliest: str = ""
    latest: str = ""
    last: LinePlace = LinePlace(0, "")
    head: str = ""
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Retained:
    """What retention removed: how many lines, and the time of the newest; 0 and empty if nothing."""

    lines: int = 0
    until: str = ""


@dataclass(frozen=True, slots=True)
class Intact:
    """Every line fits. `removed_since`: the wanted head is of a line that retention has removed since."""

    followed: Followed
    retained: Retained = Retained()
    removed_since: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """The first line that does not fit, the one before it, and what that means.

    `fit`: how many lines before it fit. `until`: the last one that was inserted.
    """

    what: Break
    line: LinePlace
    before: LinePlace
    until: LinePlace
    fit: int


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The newest line of the log, and its hash."""

    place: LinePlace
    hash: str


def line_hash(previous: str, text: str) -> str:
    """The hash of a line that follows one with the hash `previous`."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def follow(so_far: Followed, line: StoredLine) -> Followed | Fault:
    """Go on to the next line, or say what is wrong with it."""
    place = LinePlace(line.number, line.at)
    if line.hash is None:
        if so_far.lines:
            return "unchained"
        return replace(so_far, unchained=so_far.unchained + 1, last=place)
    if line.hash != line_hash(line.previous or "", line.text):
        return "changed"
    if line.previous != so_far.head:
        return "apart"
    if not line.filed:
        return "filed"
    after = None if so_far.after is None else so_far.after + 1
    return replace(
        so_far,
        lines=so_far.lines + 1,
        earliest=min(so_far.earliest, line.at) if so_far.lines else line.at,
        latest=max(so_far.latest, line.at),
        last=place,
        head=line.hash,
        after=0 if line.hash == so_far.wanted else after,
    )
