"""What happens in the workspace, published to all observers: pages, terminals, waiting tests."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.lab.values import Json

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a screen would show. `only_for` is a person's id, or None for everyone.

    `data` is what the page's WebSocket sends: `{"type": "message", "message": {...}}` and the like.
    """

    data: Json
    only_for: str | None = None

    @property
    def type(self) -> str:
        return str(self.data["type"])

    def seen_by(self, person_id: str) -> bool:
        return self.only_for in (None, person_id)


class Changes:
    """Fan-out to subscribers, and a way to wait for a condition without polling."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Change], None]] = []
        self._next = asyncio.Event()

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call `callback` at each change; returns the function that ends it."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def publish(self, data: Json, only_for: str | None = None) -> None:
        """Publish what is new on the screens."""
        change = Change(data, only_for)
        for callback in tuple(self._subscribers):
            callback(change)
        self.touch()

    def touch(self) -> None:
        """Something changed that no screen shows (a call, a socket): wake those who wait."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, predicate: Callable[[], T], seconds: float | None) -> T:
        """The predicate's first truthy result, evaluated now and after every change.

        Raises TimeoutError after so many seconds, if there is a limit. The last look happens at the deadline itself,
        so a predicate that also reads something outside this workspace gets its chance.
        """
        try:
            async with asyncio.timeout(seconds):
                while not (result := predicate()):
                    await self._next.wait()
        except TimeoutError:
            if result := predicate():
                return result
            raise
        return result
