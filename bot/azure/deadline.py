"""One deadline for several questions to Azure."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from bot.core.model.unavailable import Unavailable

T = TypeVar("T")


class Deadline:
    """Ends `timeout` seconds from now, however many questions are asked."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._end = asyncio.get_running_loop().time() + timeout

    @property
    def left(self) -> float:
        """Seconds until the end."""
        return max(0.0, self._end - asyncio.get_running_loop().time())

    async def __call__(self, question: Awaitable[T]) -> T | Unavailable:
        """The answer, or `Unavailable` if it did not come in time."""
        try:
            async with asyncio.timeout_at(self._end):
                return await question
        except TimeoutError:
            return Unavailable(f"Azure did not show it within {self._timeout:g} seconds")
