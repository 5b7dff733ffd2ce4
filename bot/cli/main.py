"""From the command line to one of the commands, and from any failure to one sentence and an exit code.

`agw --help` and `agw --version` cost little more than Python does, so everything else is imported where it is needed.
"""

import errno
import os
import sys
from io import TextIOWrapper

from bot import __version__
from bot.cli.commands import overview
from bot.cli.garbage import look_seldom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.problem import Problem

COULD_NOT = 2
"""The exit code for an undecided result, a failure or bad use."""

INTERRUPTED = 130
NOBODY_READS = 141
"""The exit codes with which a shell reports SIGINT and SIGPIPE."""

UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
"""How the system refuses what is written to an open file: its disk is full, for example."""


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Run one command and return its exit code."""
    said = sys.argv[1:] if arguments is None else arguments
    look_seldom()
    _fill_closed()
    if isinstance(sys.stdout, TextIOWrapper):
        # As stderr does by default: a character that the terminal cannot show must not end the command.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            code = _run(said)
        finally:  # also after --help and --version, which argparse ends with SystemExit
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # `agw diagnose ... | head`: nobody reads the rest, and Python must not try to flush it at exit
        # (https://docs.python.org/3/library/signal.html#note-on-sigpipe).
        _drop_the_rest()
        return NOBODY_READS
    except OSError as error:
        if not _is_unwritable(error):
            raise
        _drop_the_rest()
        try:
            print(f"agw: The output could not be written: {error.strerror}.", file=sys.stderr)
        except OSError:  # stderr is full as well: the exit code is all that can be said
            os.dup2(sys.stdout.fileno(), sys.stderr.fileno())
        return COULD_NOT
    return code


def _fill_closed() -> None:
    """Give a stream that the caller closed (`>&-`) a place: Python has None there, which print takes for stdout."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))


def _drop_the_rest() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_unwritable(error: OSError) -> bool:
    """Whether it is of a stream that was open already: no file is named."""
    return error.errno in UNWRITABLE and error.filename is None


def _run(said: "Sequence[str]") -> int:
    match said:
        case ["-h" | "--help"]:
            print(overview(), end="")
            return 0
        case ["--version"]:
            print(f"agw {__version__}")
            return 0
    return _command(said)


def _command(said: "Sequence[str]") -> int:
    from bot.core.problem import Problem

    as_json = "--json" in said
    try:
        from bot.cli.arguments import parser

        given = parser().parse_args(said)
        # Imported only now: the help of a command needs neither Azure nor Slack.
        import asyncio
        from importlib import import_module

        from bot.cli.log import configure, silence

        if os.environ.get("AGW_DEBUG") == "1":
            configure(debug=True)
        else:
            silence()
        command = import_module(f"bot.cli.{given.command}")
        return int(asyncio.run(command.run(given)))
    except Problem as problem:
        return _tell(problem, as_json=as_json)
    except BrokenPipeError:
        raise
    except Exception as error:  # the boundary: no traceback reaches a person
        if os.environ.get("AGW_DEBUG") == "1":
            raise
        if isinstance(error, OSError) and _is_unwritable(error):
            raise
        return _tell(_unexpected(error), as_json=as_json)


def _unexpected(error: Exception) -> "Problem":
    from bot.core.problem import Problem

    return Problem(
        "internal",
        f"An unexpected error ({type(error).__name__}) stopped this.",
        "Run it again with AGW_DEBUG=1 to see where, and please report it.",
    )


def _tell(problem: "Problem", *, as_json: bool) -> int:
    if as_json:
        import json

        error = {"code": problem.code, "message": problem.message, "hint": problem.hint}
        print(json.dumps({"schema": 1, "error": error}))
    from bot.cli.lines import clean

    print(f"agw: {clean(str(problem))}", file=sys.stderr)
    return COULD_NOT
