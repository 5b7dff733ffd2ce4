"""From the command line to one of the commands, and from any failure to one sentence and an exit code."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from bot.cli.arguments import parser
from bot.core.problem import Problem

COULD_NOT = 2
"""The exit code for an undecided result, a failure or bad use."""

INTERRUPTED = 130
NOBODY_READS = 141
"""The exit codes with which a shell reports SIGINT and SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
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


def _run(said: Sequence[str]) -> int:
    as_json = "--json" in said
    try:
        given = parser().parse_args(said)
        # Imported only now: `agw --help` needs neither Azure nor Slack, and should be quick.
        import asyncio

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


def _unexpected(error: Exception) -> Problem:
    return Problem(
        "internal",
        f"An unexpected error ({type(error).__name__}) stopped this.",
        "Run it again with AGW_DEBUG=1 to see where, and please report it.",
    )


def _tell(problem: Problem, *, as_json: bool) -> int:
    if as_json:
        import json

        error = {"code": problem.code, "message": problem.message, "hint": problem.hint}
        print(json.dumps({"schema": 1, "error": error}))
    from bot.cli.lines import clean

    print(f"agw: {clean(str(problem))}", file=sys.stderr)
    return COULD_NOT
