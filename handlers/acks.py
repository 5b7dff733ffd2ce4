"""Acknowledgements first: Slack waits three seconds for each, and a person a moment longer for the answer.

Where many people turn to the bot at once, the work for some would otherwise take its turns between the acknowledgements
of others (https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

PATIENCE = 1.0
"""Seconds that work waits at most for the acknowledgements that are owed; somebody may always owe one."""
AT_ONCE = 4
"""So many pieces of work begin at a time: what has begun does not wait when the next acknowledgements are owed."""


class Acks:
    """Those that Slack is waiting for."""

    def __init__(self) -> None:
        self._owed = 0
        self._none_owed = asyncio.Event()
        self._none_owed.set()
        self._beginning = asyncio.Semaphore(AT_ONCE)

    @property
    def are_owed(self) -> bool:
        """Whether Slack is waiting for any."""
        return self._owed > 0

    @contextmanager
    def owed(self) -> Iterator[None]:
        """One more is owed until the end of this block."""
        self._owed += 1
        self._none_owed.clear()
        try:
            yield
        finally:
            self._owed -= 1
            if not self._owed:
                self._none_owed.set()

    @asynccontextmanager
    async def given(self) -> AsyncIterator[None]:
        """Around the first step of a piece of work: it begins when no acknowledgement is owed, or patience is over."""
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
