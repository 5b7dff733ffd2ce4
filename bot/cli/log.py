"""The log of the bot and its libraries: one line per entry on stderr, without secrets."""

import logging
import re
import sys
from types import TracebackType

from bot.cli.lines import clean

# Slack tokens (https://docs.slack.dev/authentication/tokens), bearer tokens, tickets of sockets and uploads.
_SECRET = re.compile(
    r"xox[a-z.-]+-[\w-]+|xapp-[\w-]+|eyJ[\w-]{8,}(?:\.[\w-]+)*|(?<=ticket=)[\w-]+", re.IGNORECASE
)
LONGEST = 16 * 1024
"""Characters of one entry."""

_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


_SILENT = logging.NullHandler()
_MIGRATING = logging.getLogger("bot.store.announcing")


def silence() -> None:
    """For a command that answers by itself: what libraries log about the answers of others is not for a person.

    Without a handler Python prints warnings to stderr, with their tracebacks
    (https://docs.python.org/3/library/logging.html#logging.lastResort). Only a migration that may take long is told.
    """
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(_SILENT)
    _MIGRATING.handlers.clear()
    _MIGRATING.addHandler(_Told())


def configure(*, debug: bool) -> None:
    """Log warnings and errors; with `debug` everything, including tracebacks."""
    handler = logging.StreamHandler()
    handler.setFormatter(Plain(debug=debug))
    # Bolt reads SLACK_BOT_TOKEN from the environment and then complains that it is not needed.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(lambda it: "unused" not in it.getMessage())
    logging.getLogger().removeHandler(_SILENT)
    _MIGRATING.handlers.clear()
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, handlers=[handler])


class _Told(logging.Handler):
    """One line on stderr, as a command says its errors."""

    def emit(self, record: logging.LogRecord) -> None:
        print(f"agw: {clean(record.getMessage())}", file=sys.stderr, flush=True)


class Plain(logging.Formatter):
    """One line per entry: an exception is named, without its traceback unless debugging."""

    def __init__(self, *, debug: bool) -> None:
        super().__init__(_LINE)
        self._debug = debug

    def format(self, record: logging.LogRecord) -> str:
        # Searching for secrets takes long in a very long text, which only somebody outside writes.
        text = _SECRET.sub("(secret)", super().format(record)[:LONGEST])
        return text if self._debug else " | ".join(text.splitlines())

    def formatException(self, ei: _ExcInfo) -> str:
        if self._debug:
            return super().formatException(ei)
        return f"{type(ei[1]).__name__}: {ei[1]}"

    def formatStack(self, stack_info: str) -> str:
        return super().formatStack(stack_info) if self._debug else ""
