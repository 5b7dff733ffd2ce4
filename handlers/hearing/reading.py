"""Reading a message without holding everybody else up: Slack takes 40,000 characters in one."""

from collections.abc import Callable
from typing import TypeVar

from bot.aside import aside

T = TypeVar("T")

SHORT = 2_000
"""Characters that are read within milliseconds on the event loop; more are read aside."""


async def read(reader: Callable[[str], T], text: str) -> T:
    """What a reader of this room makes of a message's text."""
    return reader(text) if len(text) <= SHORT else await aside(reader, text)
