"""Sets of states, as a statement names them."""

from collections.abc import Set

from bot.core.changes.change import ACTIVE, CHANGED, NEXT, ChangeState


def _named(states: Set[ChangeState]) -> str:
    # In the very words of the indexes: SQLite compares texts to see whether one may be used
    # (sqlite.org/partialindex.html).
    return ", ".join(f"'{it}'" for it in NEXT if it in states)


UNDER_WAY = _named(ACTIVE)
OPEN = _named({"offered", *ACTIVE})
UNDOABLE = _named(CHANGED)
