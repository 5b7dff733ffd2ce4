"""One change as it is stored, and as it really is where the store cannot be written for a while.

A store that fails is never an answer of Azure. Before the PUT nothing goes on without the store; after it Azure has
gone on, so the change goes on in memory, and what could not be written is written as soon as it can be. If the bot dies
before that, the stored intent makes the next life look at Azure.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import ACTIVE, Change, ChangeState
from bot.core.changes.words import words_of
from bot.core.problem import Problem
from bot.workflow.holding import Held
from bot.workflow.ports import Store

log = logging.getLogger(__name__)

AGAIN = 2.0
"""Seconds between two attempts to write what the store did not take."""


class Overtaken(Exception):
    """Somebody else moved the change on: a press, another life of the bot. `change` is as it is stored."""

    def __init__(self, change: Change) -> None:
        super().__init__(change.id)
        self.change = change


@dataclass(frozen=True, slots=True)
class _Move:
    origin: ChangeState
    onto: ChangeState
    fields: dict[str, Any]
    entries: Sequence[AuditEntry]


class Ledger:
    """Moves one change through its states. `change` is what really is, stored or not.

    `wait`: seconds until Azure may be asked again.
    """

    def __init__(self, store: Store, change: Change, held: Held) -> None:
        self._store = store
        self._held = held
        self._unwritten: list[_Move] = []
        self.change = change
        self.wait = 0.0

    async def refresh(self) -> Change:
        """Look whether it is still as it was here.

        Raises:
            Overtaken: it is not.
        """
        return await self._stored(self.change.state)

    async def move(
        self, state: ChangeState, entries: Sequence[AuditEntry] = (), **fields: Any
    ) -> None:
        """Store a step that has to be stored before anything else is done. Raises `Problem` and `Overtaken`."""
        await self._write(_Move(self.change.state, state, fields, entries))
        self.change = replace(self.change, state=state, **fields)

    async def follow(
        self, state: ChangeState, entries: Sequence[AuditEntry] = (), **fields: Any
    ) -> None:
        """A step that Azure has taken already: kept in memory if the store does not take it now.

        An end was seen when its line of the audit log (`entries`) was made, which may be long before it is stored.
        """
        if state not in ACTIVE and entries:
            fields["ended"] = entries[-1].at
        self._unwritten.append(_Move(self.change.state, state, fields, entries))
        self.change = replace(self.change, state=state, **fields)
        await self.catch_up()

    async def catch_up(self) -> bool:
        """Write what is not written yet; False if the store still does not take it."""
        while self._unwritten:
            try:
                await self._write(self._unwritten[0])
            except Problem as problem:
                if problem.code == "lease_lost":
                    raise
                log.warning("change %s is only in memory: %s", self.change.id, problem)
                return False
            del self._unwritten[0]
        return True

    async def settle(self) -> None:
        """Wait until everything is written."""
        written = await self.catch_up()
        while not written:
            await asyncio.sleep(AGAIN)
            written = await self.catch_up()

    def surely_ours(self) -> bool:
        """Whether nobody else can work on the change now, as far as this life can know."""
        return self._held.left() > 0

    async def _write(self, move: _Move) -> None:
        moved = await self._store.advance(
            self.change.id,
            move.origin,
            move.onto,
            lease=self._held.lease,
            entries=move.entries,
            words=words_of,
            **move.fields,
        )
        if moved is None:
            # A store that failed may have written it all the same.
            await self._stored(move.onto)

    async def _stored(self, state: ChangeState) -> Change:
        """The change as it is stored, which has to be in this state."""
        current = await self._store.change(self.change.id)
        if current is None:
            raise Problem("lost_change", "The stored change is gone.", "See the audit log.")
        if current.state != state:
            raise Overtaken(current)
        return current
