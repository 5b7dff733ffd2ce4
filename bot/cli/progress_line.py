"""What is being waited for, on stderr: one line that is redrawn where a person watches, and nothing elsewhere."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.cli.lines import clean
from bot.cli.tty import is_dumb, plain_wanted

if TYPE_CHECKING:
    from bot.workflow.progress import Step, Watch

REDRAWN = 4
"""Times a second; the seconds have to count on, whatever is waited for."""


@contextmanager
def waiting(first: str, *, quiet: bool) -> Iterator["Watch"]:
    """Tells of the steps of a piece of work, with the seconds since it began, until the block ends.

    A terminal that can only print gets a line for each step that ends.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
    elif is_dumb() or os.environ.get("AGW_DEBUG") == "1":
        # The log is on stderr too, and would be drawn over.
        yield _print
    else:
        with _redrawn(first) as watch:
            yield watch


def _print(step: "Step") -> None:
    if step.state != "running":
        print(f"  {clean(step.text)}", file=sys.stderr, flush=True)


@contextmanager
def _redrawn(first: str) -> Iterator["Watch"]:
    # Imported only here: who does not watch does not wait for it.
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    running, plain = {"": first}, plain_wanted()
    began = time.monotonic()

    def line() -> Text:
        told = "; ".join(map(clean, running.values()))
        passed = f"{time.monotonic() - began:.0f} s"
        style = "" if plain else "dim"
        return Text(f"{told} ... {passed}", style, no_wrap=True, overflow="ellipsis")

    def watch(step: "Step") -> None:
        running.pop("", None)
        running.pop(step.key, None)
        if step.state == "running":
            running[step.key] = step.text
        elif not running:
            running[""] = step.text

    console = Console(file=sys.stderr, no_color=plain, highlight=False)
    live = Live(
        get_renderable=line,
        console=console,
        refresh_per_second=REDRAWN,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with live:
        # A signal that ends the command must not leave a terminal without its cursor.
        console.show_cursor(True)
        yield watch
