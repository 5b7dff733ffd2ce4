"""`agw completion`: a script that lets bash, zsh or fish complete commands, options, scenarios, options and rules.

It is static, so a Tab starts no Python; print it again after an upgrade.
"""

import argparse

import shtab

from bot.cli.arguments import parser
from bot.core.remedies.options import OPTIONS
from bot.core.rules import RULES
from bot.lab.scenarios import SCENARIOS


async def run(given: argparse.Namespace) -> int:
    """Print the script of a shell."""
    top = parser()
    (commands,) = (it for it in top._actions if isinstance(it, argparse._SubParsersAction))
    for command in commands.choices.values():
        for action in command._actions:
            _complete(action)
    print(shtab.complete(top, given.shell))
    return 0


def _complete(action: argparse.Action) -> None:
    """What may follow, where the parser leaves it open."""
    match action.metavar:
        case "FILE":
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        case "SCENARIO":
            action.choices = [it.name for it in SCENARIOS]
        case "RULE":
            action.choices = [it.id for it in RULES]
        case "OPTION":
            action.choices = [it.id for it in OPTIONS]
