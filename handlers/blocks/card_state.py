"""The state of a card, from its changes: what can still be decided, and what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.changes.change import ACTIVE, CHANGED, Change

UNDECIDED = frozenset({"offered", "rejected", "withdrawn", "expired"})
NO_UNDO = frozenset({"rejected", "withdrawn", "expired", "refused", "failed"})


@dataclass(frozen=True, slots=True)
class CardState:
    """The changes of a card that matter now.

    `offered` can still be approved: before a change was chosen, or after it, against what it has left. `chosen` was
    approved, and `undo` reverts it (offered or later). `closed` is the newest offer that was rejected or withdrawn, or
    that expired.
    """

    offered: tuple[Change, ...]
    chosen: Change | None
    undo: Change | None
    closed: Change | None

    @property
    def current(self) -> Change | None:
        """The approved change that the card is about now."""
        if self.undo is not None and self.undo.state != "offered":
            return self.undo
        return self.chosen

    @property
    def undoable(self) -> Change | None:
        """The change that the undo button is for, if there may be one."""
        done = self.chosen if self.undo is None else None
        return done if done is not None and done.state in CHANGED else None


def _still_fits(offer: Change, chosen: Change | None) -> bool:
    """Whether it was offered for the gateway as it is now: nothing is chosen yet, or it is for what that has left."""
    return chosen is None or (chosen.state not in ACTIVE and offer.plan.etag == chosen.after_etag)


def card_state(changes: Iterable[Change]) -> CardState:
    """Sort the changes of one card, given in the order in which they were offered."""
    every = tuple(changes)
    first = [it for it in every if it.undoes is None]
    chosen = [it for it in first if it.state not in UNDECIDED]
    closed = [it for it in first if it.state in UNDECIDED - {"offered"}]
    newest = chosen[-1] if chosen else None
    return CardState(
        offered=tuple(it for it in first if it.state == "offered" and _still_fits(it, newest)),
        chosen=newest,
        undo=_undo(newest, every) if newest else None,
        closed=closed[-1] if closed else None,
    )


def _undo(done: Change, every: tuple[Change, ...]) -> Change | None:
    live = [it for it in every if it.undoes == done.id and it.state not in NO_UNDO]
    # Two simultaneous presses make two offers, and one of them is approved: that one counts.
    approved = [it for it in live if it.state != "offered"]
    undoing = approved or live
    return undoing[-1] if undoing else None
