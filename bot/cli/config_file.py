"""`--config agw.toml`: the settings from a file, under the names of the environment variables, which win.

TOML, flat: NAME = a text, a whole number, true or false, or a list of texts where the variable takes a comma list.
"""

import argparse
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from bot.core.model.marked import mark
from bot.core.problem import Problem
from bot.settings import SETTING_NAMES, hint_for_setting

MOST = 256 * 1024
"""Bytes of a file of settings; the longest list of networks and channels is far below."""


def environment(given: argparse.Namespace) -> Mapping[str, str]:
    """The environment of this process, with what the file has beside it.

    Raises:
        Problem: `bad_config`.
    """
    if given.config is None:
        return os.environ
    # As everywhere, an empty variable counts as not set.
    set_here = {name: text for name, text in os.environ.items() if text.strip()}
    return {**_read(given.config), **set_here}


def _read(path: str) -> dict[str, str]:
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST + 1)
    except OSError as error:
        why = f"cannot be read: {error.strerror or type(error).__name__}"
        raise _wrong(path, why, "Give the path of a file that this user may read.") from None
    if len(content) > MOST:
        # What stands behind the limit may be what holds the bot back, so nothing of it is used.
        raise _wrong(path, f"is longer than {MOST // 1024} KiB", _EXAMPLE)
    try:
        read = tomllib.loads(content.decode())
    except UnicodeDecodeError:
        raise _wrong(path, "is not UTF-8", _EXAMPLE) from None
    except tomllib.TOMLDecodeError as error:
        # Its message gives line and column; it never quotes a value.
        raise _wrong(path, f"is no TOML: {_place(error)}", _EXAMPLE) from None
    except RecursionError:
        raise _wrong(path, "is nested too deep", _EXAMPLE) from None
    return {name: _text(path, name, value) for name, value in read.items()}


_EXAMPLE = 'Example: AGW_APPROVERS = ["U012ABCDEF", "S034GHIJKL"]'


def _place(error: tomllib.TOMLDecodeError) -> str:
    found = str(error).rpartition("(at ")[2].rstrip(")")
    return f"see {found}" if found else "it cannot be read"


def _text(path: str, name: str, value: object) -> str:
    """As the environment would have it."""
    if name not in SETTING_NAMES:
        hint = hint_for_setting(name)
        if name.startswith("AZURE_"):
            hint = "azure-identity reads it from the environment only."
        raise _wrong(path, f"has {mark(name[:80])}, which is no setting", hint)
    match value:
        case bool():
            return "1" if value else "0"
        case int() | str():
            return str(value)
        case list() if all(type(it) in (str, int) for it in value):
            return ",".join(map(str, value))
    raise _wrong(path, f"has something else than a text, a number or a list in {name}", _EXAMPLE)


def _wrong(path: str, why: str, hint: str) -> Problem:
    return Problem("bad_config", f"The file {mark(path)} {why}.", hint)
