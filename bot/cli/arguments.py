"""The command line as documented; only the command that runs is imported."""

import argparse
from typing import Any, NoReturn

from bot import __version__
from bot.cli.commands import ABOUT, COMMANDS, overview
from bot.core.problem import Problem

DEFAULT_TIMEOUT = 30.0
DEFAULT_PORT = 8502
SHELLS = ("bash", "zsh", "fish")
FORMATS = ("text", "markdown", "github")
WATCH = 30
"""Seconds between two looks, if nothing else is said."""
WATCH_RANGE = (10, 3600)
"""Seconds. Each look is about a dozen requests, and Azure throttles an identity that asks too often
(https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling)."""
WITH_SETTINGS = ("diagnose", "plan", "serve", "check", "audit")
"""Commands that read the settings; the lab has its own."""


class Parser(argparse.ArgumentParser):
    """Reports bad use as a `Problem`, as every command does, so that `--json` can print it too."""

    def __init__(self, **settings: Any) -> None:
        # An abbreviation that scripts rely on could break with the next new option.
        super().__init__(allow_abbrev=False, **settings)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As the library does, and finds OPTION behind a flag too.

        Older ones only look for it next to GATEWAY (https://github.com/python/cpython/issues/59317).
        """
        given, rest = super().parse_known_args(args, namespace)
        missing = "option" in given and given.option is None
        if missing and rest and not rest[0].startswith("-"):
            given.option = rest.pop(0)
        return given, rest

    def error(self, message: str) -> NoReturn:
        raise Problem("bad_use", f"{message[:1].upper()}{message[1:]}.", f"See {self.prog} --help.")


class _Top(Parser):
    def format_help(self) -> str:
        """The text that `agw --help` gives without any parser."""
        return overview()


def parser() -> Parser:
    """Every command with its options; bad use is a `Problem`."""
    top = _Top(prog="agw", description=ABOUT)
    top.add_argument("--version", action="version", version=f"agw {__version__}")
    made = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    commands = {name: made.add_parser(name, help=what) for name, what in COMMANDS.items()}
    _diagnose(commands["diagnose"])
    _plan(commands["plan"])
    _lab(commands["lab"])
    _audit(commands["audit"])
    commands["explain"].add_argument(
        "rule", nargs="?", metavar="RULE", help="id of a rule (default: list them all)"
    )
    commands["completion"].add_argument("shell", choices=SHELLS)
    for name in WITH_SETTINGS:
        _config(commands[name])
    return top


def _config(it: argparse.ArgumentParser) -> None:
    it.add_argument(
        "--config",
        metavar="FILE",
        help="settings in TOML, under the names of the environment variables, which win",
    )


def _diagnose(it: argparse.ArgumentParser) -> None:
    _gateway(it, nargs="?")
    form = it.add_mutually_exclusive_group()
    _look(it, form)
    form.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="text; markdown for a ticket; github for a pipeline: annotations and the step's summary",
    )
    it.add_argument(
        "--verbose", action="store_true", help="evidence, every option with its commands, sources"
    )
    it.add_argument(
        "--watch",
        nargs="?",
        type=_seconds,
        const=WATCH,
        metavar="SECONDS",
        help="look again until it is healthy or Ctrl+C; --timeout then bounds each look (default %(const)s)",
    )
    it.add_argument(
        "--lab", metavar="SCENARIO", help="in a world of its own: GATEWAY is that scenario's"
    )


def _plan(it: argparse.ArgumentParser) -> None:
    _gateway(it)
    it.add_argument(
        "option", nargs="?", metavar="OPTION", help="id of an option (default: the recommended one)"
    )
    _look(it, it)


def _gateway(it: argparse.ArgumentParser, nargs: str | None = None) -> None:
    it.add_argument(
        "gateway",
        nargs=nargs,
        metavar="GATEWAY",
        help="name, group/name, resource id, portal URL, site URL or host name",
    )


def _look(it: argparse.ArgumentParser, form: argparse._ActionsContainer) -> None:
    """How a diagnosis is made, and shown; its form may exclude others."""
    form.add_argument("--json", action="store_true", help="print one JSON document (schema 1)")
    it.add_argument("--no-probe", action="store_true", help="contact no backend")
    it.add_argument(
        "--connect-to",
        action="append",
        default=[],
        metavar="H:P=H:P",
        help="send probes for the left to the right; can be repeated",
    )
    it.add_argument(
        "--timeout",
        type=float,
        default=DEFAULT_TIMEOUT,
        metavar="S",
        help="seconds for the whole diagnosis (default %(default)s)",
    )


def _lab(it: argparse.ArgumentParser) -> None:
    it.add_argument("--scenario", default="ilb-ase", metavar="SCENARIO", help="default %(default)s")
    it.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help="of the page; 0: any free port"
    )
    it.add_argument("--play", action="store_true", help="play the whole story, then exit")
    it.add_argument("--list", action="store_true", help="list the scenarios")
    it.add_argument(
        "--no-bot",
        action="store_true",
        help="without the bot: agw serve in another terminal is it, with any settings",
    )
    it.add_argument(
        "--request-url", metavar="URL", help="with --no-bot: HTTP mode, as Slack would call the bot"
    )
    it.add_argument(
        "--env",
        action="store_true",
        help="print what points other commands at the running lab, for a shell's eval",
    )


def _audit(it: argparse.ArgumentParser) -> None:
    it.add_argument("--gateway", metavar="G", help="only this gateway: name or resource id")
    it.add_argument("--since", metavar="T", help="only from this time on, e.g. 2026-11-23T03:00")
    it.add_argument(
        "--format", choices=("jsonl", "csv", "syslog"), help="how it is printed (default jsonl)"
    )
    it.add_argument(
        "--verify", action="store_true", help="print nothing, but check that every line fits"
    )
    it.add_argument(
        "--head", metavar="HASH", help="with --verify: a line's hash that was kept elsewhere"
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        said = f"{text!r} is no number of seconds; a GATEWAY stands before --watch"
        raise argparse.ArgumentTypeError(said) from None
    shortest, longest = WATCH_RANGE
    if not shortest <= seconds <= longest:
        said = f"{text} is not within {shortest} to {longest} seconds; Azure throttles who asks too often"
        raise argparse.ArgumentTypeError(said)
    return seconds


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)
