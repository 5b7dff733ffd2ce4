"""What the terminal can and should show. It imports no library for terminals, so everybody may ask."""

import os
import shutil
import sys

WIDTH = 100
"""Columns where there is no terminal."""

NARROWEST = 40
"""Columns; in a narrower terminal the lines are this wide all the same."""


def columns() -> int:
    """Columns of the terminal; where there is none, those of COLUMNS or a width that suits a file."""
    return max(NARROWEST, shutil.get_terminal_size((WIDTH, 0)).columns)


def coloured() -> bool:
    """Whether what is printed may have colours (https://no-color.org)."""
    return sys.stdout.isatty() and not plain_wanted()


def plain_wanted() -> bool:
    """Whether colours are refused, or the terminal has none."""
    return bool(os.environ.get("NO_COLOR")) or is_dumb()


def is_dumb() -> bool:
    """Whether the terminal can do nothing but print."""
    return os.environ.get("TERM") in ("dumb", "unknown")
