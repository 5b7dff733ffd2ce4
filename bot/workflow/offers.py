"""How an offer gets on: the new state, its line of the audit log and what is to be said of it, in one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.core.changes.change import Change, ChangeState, Person
from bot.core.changes.words import words_of
from bot.workflow.journal import Journal
from bot.workflow.ports import Store


class Offers:
    """Moves offers on. Each move is a compare-and-set in the store, so whoever was faster wins."""

    def __init__(self, store: Store, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._journal = journal
        self._clock = clock

    async def move(
        self,
        offer: Change,
        state: ChangeState,
        action: str = "",
        person: Person | None = None,
        details: dict[str, str] | None = None,
        **fields: Any,
    ) -> Change | None:
        """The offer in its new state with these fields; None if it is no offer any more.

        Without an `action` there is no line in the audit log: time passed, and nobody did anything.
        """
        line = self._journal.entry(action, offer, person, **(details or {})) if action else None
        return await self._store.advance(
            offer.id,
            "offered",
            state,
            entries=(line,) if line else (),
            words=words_of,
            decided=self._clock(),
            **fields,
        )
