"""The lab's conversation, in the terminal as it happens."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.cli.lines import clean
from bot.lab.slack import Change, SlackWorkspace

PEOPLE = {"U0ADA": "Ada", "U0BEN": "Ben", "U0AGW": "agw"}


@asynccontextmanager
async def mirrored(slack: SlackWorkspace, write: Callable[[str], None]) -> AsyncIterator[None]:
    """Write every message, and every edit that changes its text, until the block ends."""
    shown: dict[str, str] = {}

    def tell(change: Change) -> None:
        if change.type not in ("message", "message_changed"):
            return
        message = change.data["message"]
        ts, text = str(message.get("ts")), str(message.get("text", "")).strip()
        if text and shown.get(ts) != text:
            shown[ts] = text
            write(_line(message, text, edited=change.type == "message_changed"))

    stop = slack.subscribe(tell)
    try:
        yield
    finally:
        stop()


def _line(message: dict[str, object], text: str, *, edited: bool) -> str:
    who = PEOPLE.get(str(message.get("user")), "agw")
    where = "  (thread)" if message.get("thread_ts") not in (None, message.get("ts")) else ""
    private = "  (only you)" if message.get("is_ephemeral") else ""
    mark = "  (edited)" if edited else ""
    first, *rest = map(clean, text.splitlines())
    return "\n".join(
        [f"  {who}{where}{private}{mark}: {first}", *(f"      {it}" for it in rest[:12])]
    )
