"""From the command line to one of the commands, and from any failure to one sentence and an exit code.

`agw --help` and `agw --version` cost little more than Python does, so everything else is imported where it is needed.
"""

import os
import sys
from io import TextIOWrapper

from bot import __version__
from bot.cli.commands import overview

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.problem import Problem

COULD_NOT = 2
"""The exit code for an undecided result, a failure or bad use."""

INTERRUPTED = 130
NOBODY_READS = 141
"""The exit codes with which a shell reports SIGINT and SIGPIPE."""


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Run one command and return its exit code."""
    said = sys.argv[1:] if arguments is None else arguments
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
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    return code


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
