"""From the command line to one of the commands, and from any failure to one sentence and an exit code."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from bot.cli.arguments import parser
from bot.core.problem import Problem

COULD_NOT = 2
"""The exit code for: could not tell, or bad use."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is as the contract says."""
    given = parser().parse_args(arguments)
    # Imported by name and only now: `agw --help` needs neither Azure nor Slack.
    command = import_module(f"bot.cli.{given.command}")
    try:
        return int(asyncio.run(command.run(given)))
    except KeyboardInterrupt:
        return 130
    except Problem as problem:
        return _tell(problem, as_json=getattr(given, "json", False))
    except Exception as error:  # the boundary: no traceback reaches a person
        if os.environ.get("AGW_DEBUG") == "1":
            raise
        return _tell(_unexpected(error), as_json=getattr(given, "json", False))


def _unexpected(error: Exception) -> Problem:
    return Problem(
        "internal",
        f"Something unexpected happened ({type(error).__name__}), so there is no answer.",
        "Run it again with AGW_DEBUG=1 to see where, and report that.",
    )


def _tell(problem: Problem, *, as_json: bool) -> int:
    if as_json:
        error = {"code": problem.code, "message": problem.message, "hint": problem.hint}
        print(json.dumps({"schema": 1, "error": error}))
    print(f"agw: {problem}", file=sys.stderr)
    return COULD_NOT
