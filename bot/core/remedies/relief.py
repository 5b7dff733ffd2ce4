"""Which faults a change would end, and which it would not: two diagnoses, compared part by part.

`judge` says whether a change is enough for what it is meant for; here nothing is left out. A part is healed only if
our own look showed its fault, and nothing speaks against it, or is open about it, after the change.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.core.case.diagnosis import Diagnosis
from bot.core.case.finding import Finding, Match, Undecided
from bot.core.model.marked import mark
from bot.core.routing.routes import Backend, Place

Part = tuple[Place | None, str]
"""What a fault is about: a server in its place; else a part of the gateway by name, the gateway itself being ""."""

GATEWAY: Part = (None, "")


@dataclass(frozen=True, slots=True)
class FaultyPart:
    """One part with a fault: `rules` found it, and `because` says it in a sentence.

    A backend has `pool`, `http_settings` and `server`; another part of the gateway has its name in `part`; where all
    four are None it is the gateway as a whole.
    """

    rules: tuple[str, ...]
    because: str
    pool: str | None = None
    http_settings: str | None = None
    server: str | None = None
    part: str | None = None

    @property
    def place(self) -> tuple[str | None, ...]:
        """Which part it is, whatever is wrong with it."""
        return (self.pool, self.http_settings, self.server, self.part)

    @property
    def label(self) -> str:
        """How a sentence points at it."""
        if self.server is not None:
            where = f"{mark(self.pool or '')} / {mark(self.http_settings or '')}"
            return f"{mark(self.server)} ({where})"
        return mark(self.part) if self.part else "the gateway itself"


@dataclass(frozen=True, slots=True)
class Relief:
    """What becomes of every fault: ended, still there, or not known; and what would be new (`breaks`)."""

    heals: tuple[FaultyPart, ...] = ()
    still_at_fault: tuple[FaultyPart, ...] = ()
    cannot_tell: tuple[FaultyPart, ...] = ()
    breaks: tuple[FaultyPart, ...] = ()


NO_RELIEF = Relief()
"""Nothing was tried, or what was tried says nothing of faults."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A gateway's backends, and what the rules say of them."""

    diagnosis: Diagnosis
    backends: Sequence[Backend]


def relief(
    reported: Diagnosis, before: Judged, after: Judged, doubtful: Collection[Part] = ()
) -> Relief:
    """What a change would do to the faults of a report.

    `reported` also believes the gateway's own report, which a change on paper cannot ask again; `before` and `after`
    are judged without it. `doubtful` are the parts of which something else is open after it.
    """
    left = _by_part(after.diagnosis.errors)
    shown = _by_part(before.diagnosis.errors)
    open_now = {*doubtful, *(_part(it.undecided) for it in after.diagnosis.undecided)}
    faults = _by_part(reported.errors)
    heir = _heirs(before.backends, after.backends)
    heals: list[FaultyPart] = []
    still: list[FaultyPart] = []
    unknown: list[FaultyPart] = []
    for part, findings in faults.items():
        now = dict.fromkeys((*heir.get(part, (part,)), GATEWAY))
        found = [finding for it in now for finding in left.get(it, ())]
        if found:
            still.append(_faulty(findings[0].match, found))
        elif open_now & now.keys() or not _rules(findings) <= _rules(shown.get(part, ())):
            unknown.append(_faulty(findings[0].match, findings))
        else:
            heals.append(_faulty(findings[0].match, findings))
    old = {*faults, *(it for part in faults for it in heir.get(part, ()))}
    new = (_faulty(found[0].match, found) for part, found in left.items() if part not in old)
    return Relief(tuple(heals), tuple(still), tuple(unknown), tuple(new))


def faulty_parts(errors: Iterable[Finding]) -> tuple[FaultyPart, ...]:
    """Every part with a fault, in the order of the findings."""
    return tuple(_faulty(them[0].match, them) for them in _by_part(errors).values())


def _rules(findings: Iterable[Finding]) -> set[str]:
    return {it.rule for it in findings}


def _by_part(findings: Iterable[Finding]) -> dict[Part, list[Finding]]:
    parts: dict[Part, list[Finding]] = {}
    for finding in findings:
        parts.setdefault(_part(finding.match), []).append(finding)
    return parts


def _part(said: Match | Undecided) -> Part:
    backend = said.backend
    return _place(backend) if backend else (None, said.part or "")


def _place(backend: Backend) -> Part:
    return (backend.place, backend.server)


def _heirs(before: Sequence[Backend], after: Sequence[Backend]) -> dict[Part, tuple[Part, ...]]:
    """Who takes the requests of each backend that the change takes away.

    That is what is new in the same place (a member was exchanged), else whatever is new (a rule leads elsewhere).
    """
    old, now = set(map(_place, before)), list(map(_place, after))
    gone = old - set(now)
    new = [part for part in now if part not in old]
    return {part: tuple(it for it in new if it[0] == part[0]) or tuple(new) for part in gone}


def _faulty(where: Match, findings: Sequence[Finding]) -> FaultyPart:
    rules = tuple(dict.fromkeys(it.rule for it in findings))
    because = findings[0].match.summary
    if where.backend is None:
        return FaultyPart(rules, because, part=where.part)
    backend = where.backend
    return FaultyPart(rules, because, backend.pool.name, backend.settings.name, backend.server)
