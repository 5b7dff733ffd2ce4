"""Acknowledgements first: Slack waits three seconds for each, and a person a moment longer for the answer.

Where many people turn to the bot at once, the work for some would otherwise take its turns between the acknowledgements
of others (https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

PATIENCE = 1.0
"""Seconds that work waits at most for acknowledgements, from when it was asked for: there may always be another one."""
SOON = 0.3
"""Seconds after which an acknowledgement is no longer waited for: it waits for something outside, such as Slack."""
AT_ONCE = 4
"""So many pieces of work begin at a time, each when those before it have: what has begun does not wait when the next
acknowledgements are owed."""


class Acks:
    """Those that Slack is waiting for."""

    def __init__(self) -> None:
        self._owed: set[object] = set()
        self._none_owed = asyncio.Event()
        self._none_owed.set()
        self._beginning = asyncio.Semaphore(AT_ONCE)

    @property
    def are_owed(self) -> bool:
        """Whether Slack is waiting for any."""
        return bool(self._owed)

    @contextmanager
    def owed(self) -> Iterator[None]:
        """One more is owed until the end of this block, or for as long as it is worth waiting for."""
        one = object()
        self._owed.add(one)
        self._none_owed.clear()
        late = asyncio.get_running_loop().call_later(SOON, self._paid, one)
        try:
            yield
        finally:
            late.cancel()
            self._paid(one)

    def _paid(self, one: object) -> None:
        """It was given, or is not waited for any more."""
        self._owed.discard(one)
        if not self._owed:
            self._none_owed.set()

    @asynccontextmanager
    async def given(self) -> AsyncIterator[None]:
        """Around the first step of a piece of work: it begins in its turn, when no acknowledgement is owed any more."""
        end = asyncio.get_running_loop().time() + PATIENCE
        async with self._beginning:
            await self._until_none_owed(end)
            yield

    async def come_first(self) -> None:
        """The same for a step that may take long, such as one that Slack answers."""
        await self._until_none_owed(asyncio.get_running_loop().time() + PATIENCE)

    async def _until_none_owed(self, end: float) -> None:
        if self.are_owed:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(end):
                    await self._none_owed.wait()
