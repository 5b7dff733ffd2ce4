"""Proposals for several backends, joined into one: an option may have one for each of 1,200 servers.

Each is added to what is there, so that the work grows with their number only.
"""

from collections.abc import Iterable
from itertools import takewhile

from bot.core.arm import edit
from bot.core.arm.document import Document
from bot.core.arm.edit import Edit, Reference
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Attempt
from bot.core.remedies.assumption import Assumption
from bot.core.remedies.option import Proposal

_AND = "; and "


class Combined:
    """What was joined so far, and the `document` with all edits of it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._first: Proposal | None = None
        self._count = 0
        self._summaries: list[str] = []
        self._length = 0
        self._edits: list[Edit] = []
        self._by_place: dict[tuple[str, str], Edit] = {}
        self._by_hand = False
        self._assumptions: dict[Assumption, None] = {}
        self._certificates: dict[Certificate, None] = {}
        self._asks: dict[Attempt, None] = {}
        self._steps: dict[str, None] = {}
        self._last_steps: tuple[str, ...] = ()

    @property
    def proposal(self) -> Proposal | None:
        """All of them in one; None if there was none."""
        if self._count < 2:
            return self._first
        return Proposal(
            summary=_AND.join(self._summaries),
            edits=tuple(self._edits),
            assumptions=tuple(self._assumptions),
            by_hand=self._by_hand,
            certificates=tuple(self._certificates),
            asks=tuple(self._asks),
            steps=tuple(dict.fromkeys((*self._steps, *self._last_steps))),
        )

    def add(self, one: Proposal) -> bool:
        """Take one in, if it contradicts none of those before and fits the document; whether that was so."""
        new = [it for it in one.edits if self._by_place.get(_target(it)) != it]
        if self._count and self._contradict(new):
            return False
        # Servers of one pool mostly need the very same edits: those were seen to fit.
        if new and not self._made(new):
            return False
        self._first = self._first or one
        self._count += 1
        self._edits += new
        self._by_place.update((_target(it), it) for it in new)
        self._summarise(one.summary)
        self._by_hand = self._by_hand or one.by_hand
        self._assumptions.update(dict.fromkeys(one.assumptions))
        self._certificates.update(dict.fromkeys(one.certificates))
        self._asks.update(dict.fromkeys(one.asks))
        self._take_steps(one.steps)
        return True

    def _take_steps(self, steps: tuple[str, ...]) -> None:
        """Each once; those at the end of all proposals come after all others."""
        if self._count == 1:
            self._last_steps = steps
            return
        pairs = zip(reversed(self._last_steps), reversed(steps), strict=False)
        last = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        for before in (self._last_steps, steps):
            self._steps.update(dict.fromkeys(before[: len(before) - last]))
        self._last_steps = steps[len(steps) - last :]

    def _contradict(self, new: list[Edit]) -> bool:
        """Whether two edits are for the same place, these or those before."""
        places = {_target(it) for it in new}
        twice = len(self._by_place) < len(self._edits) or len(places) < len(new)
        return twice or not places.isdisjoint(self._by_place)

    def _made(self, new: Iterable[Edit]) -> bool:
        try:
            self.document = edit.apply(new, self.document)
        except edit.Conflict:
            return False
        return True

    def _summarise(self, summary: str) -> None:
        said = len(summary) == self._length and _AND.join(self._summaries) == summary
        if not said or self._count == 1:
            self._length += len(summary) + len(_AND) * (self._count > 1)
            self._summaries.append(summary)


def combined(proposals: Iterable[Proposal], document: Document) -> Proposal | None:
    """All of them in one; None if they contradict each other, or one does not fit."""
    every = Combined(document)
    return every.proposal if all(every.add(it) for it in proposals) else None


def _target(one: Edit) -> tuple[str, str]:
    # A list of references takes several; everything else is set once.
    return (one.place, one.target if isinstance(one, Reference) else "")
