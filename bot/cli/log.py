"""The log of the bot and its libraries: one line per entry on stderr, without secrets."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from types import TracebackType

from bot.cli.lines import clean
from bot.incident_id import incident_id
from bot.setting_values import LogFormat, LogLevel

# Slack tokens (https://docs.slack.dev/authentication/tokens), bearer tokens, tickets of sockets and uploads.
_SECRET = re.compile(
    r"xox[a-z.-]+-[\w-]+|xapp-[\w-]+|eyJ[\w-]{8,}(?:\.[\w-]+)*|(?<=ticket=)[\w-]+", re.IGNORECASE
)
LONGEST = 16 * 1024
"""Characters of one entry."""

_LINE = "%(asctime)s %(levelname)s %(name)s: %(incident)s%(message)s"
OURS = ("bot", "handlers")
"""Loggers whose level the operator sets; libraries only warn, since they log every request."""

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


def configure(*, debug: bool, level: LogLevel = "warning", form: LogFormat = "text") -> None:
    """Log from this level on, and of libraries what is at least a warning; with `debug` everything, with tracebacks."""
    handler = logging.StreamHandler()
    handler.setFormatter(Fields(debug=debug) if form == "json" else Plain(debug=debug))
    for name in OURS:
        logging.getLogger(name).setLevel(logging.NOTSET if debug else level.upper())
    # Bolt reads SLACK_BOT_TOKEN from the environment and then complains that it is not needed.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(lambda it: "unused" not in it.getMessage())
    logging.getLogger().removeHandler(_SILENT)
    _MIGRATING.handlers.clear()
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, handlers=[handler])


def without_secrets(text: str) -> str:
    """The text with a mark instead of every token."""
    return _SECRET.sub("(secret)", text)


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
        current = incident_id()
        record.incident = f"[{current}] " if current else ""
        # Searching for secrets takes long in a very long text, which only somebody outside writes.
        text = without_secrets(super().format(record)[:LONGEST])
        # What libraries and others say may be anything, and stderr may be a terminal.
        return ("\n" if self._debug else " | ").join(map(clean, text.splitlines()))

    def formatException(self, ei: _ExcInfo) -> str:
        if self._debug:
            return super().formatException(ei)
        return f"{type(ei[1]).__name__}: {ei[1]}"

    def formatStack(self, stack_info: str) -> str:
        return super().formatStack(stack_info) if self._debug else ""


class Fields(Plain):
    """One JSON object per entry: `at` (UTC), `level`, `logger`, `message`, `incident`, and the fields of the entry."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if record.exc_info:
            message = f"{message}: {self.formatException(record.exc_info)}"
        given = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message[:LONGEST],
            "incident": incident_id(),
            **getattr(record, "fields", {}),
        }
        line = json.dumps(
            {name: without_secrets(text) for name, text in given.items() if text},
            ensure_ascii=False,
        )
        # JSON escapes some of what moves a cursor; the rest is written in the same way.
        return "".join(it if it.isprintable() else json.dumps(it)[1:-1] for it in line)
