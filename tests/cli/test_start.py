"""What holds for every command: help, what is imported, signals, a bot that cannot start."""

import argparse
import json
import re
import signal
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from bot import __version__
from bot.cli.arguments import parser
from bot.cli.commands import overview
from bot.lab.world import World
from tests.children import ROOT
from tests.cli.conftest import Here
from tests.cli.running import Ran, agw, environment, redirected, started, without_a_reader

COMMANDS = ("diagnose", "explain", "plan", "serve", "lab", "check", "audit", "completion")
HEAVY = ("aiohttp", "asyncio", "azure", "cryptography", "rich", "shtab", "slack_bolt", "slack_sdk")
AT_ONCE = {"bot", "bot.cli", "bot.cli.commands", "bot.cli.garbage", "bot.cli.main"}
TO_PARSE = AT_ONCE | {
    "bot.cli.arguments",
    "bot.core",
    "bot.core.model",
    "bot.core.model.marked",
    "bot.core.problem",
}


def imported_by(*arguments: str) -> set[str]:
    """The modules that a command has imported when it ends."""
    code = (
        "import contextlib, io, json, sys\n"
        "from bot.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        f"    main({list(arguments)!r})\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment({}), capture_output=True, check=True
    )
    return set(json.loads(ran.stdout))


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [(("--help",), AT_ONCE), (("--version",), AT_ONCE), (("diagnose", "--help"), TO_PARSE)],
)
def test_help_and_version_import_nothing_heavy(
    arguments: tuple[str, ...], needed: set[str]
) -> None:
    imported = imported_by(*arguments)
    assert imported.isdisjoint(HEAVY)
    assert {it for it in imported if it.split(".")[0] in ("bot", "handlers")} == needed


def test_the_help_that_needs_no_parser_says_what_the_parser_says() -> None:
    # But for the columns, which differ between releases of Python.
    said = argparse.ArgumentParser.format_help(parser())
    assert said.split() == overview().split()


def test_the_test_above_can_fail() -> None:
    assert not imported_by("lab", "--list").isdisjoint(HEAVY)


def test_reading_the_audit_log_of_a_file_needs_neither_azure_nor_slack_nor_postgresql() -> None:
    assert imported_by("audit").isdisjoint(("azure", "slack_bolt", "slack_sdk", "asyncpg"))


def test_what_runs_for_months_needs_no_library_for_terminals() -> None:
    code = "import sys, bot.cli.serve, bot.cli.check; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment({}), capture_output=True, check=True
    )
    imported = ran.stdout.decode().split()
    assert "slack_bolt" in imported
    assert not {"rich", "shtab", "pygments"} & {*imported}


@pytest.mark.parametrize(
    "form",
    [
        "--json",
        pytest.param("--format=markdown", marks=pytest.mark.repeats),
        pytest.param("--format=github", marks=pytest.mark.repeats),
    ],
)
def test_only_what_a_person_reads_in_a_terminal_needs_rich(form: str) -> None:
    assert "rich" not in imported_by("diagnose", "--lab", "refused", form)


def test_only_a_change_needs_the_library_that_changes_gateways() -> None:
    code = "import sys, bot.azure, bot.cli.diagnose, bot.cli.serve; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment({}), capture_output=True, check=True
    )
    imported = ran.stdout.decode().split()
    assert "azure.core" in imported
    assert "azure.mgmt.network" not in imported


async def test_help_names_every_command() -> None:
    ran = await agw({}, "--help", anew=True)
    assert (ran.code, ran.err) == (0, "")
    assert all(f"\n    {name} " in ran.out for name in COMMANDS)


async def test_version_is_one_line() -> None:
    ran = await agw({}, "--version")
    assert (ran.code, ran.out, ran.err) == (0, f"agw {__version__}\n", "")
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


@pytest.mark.parametrize("argument", ["--help", "--version"])
async def test_help_and_version_end_quietly_when_nobody_reads(argument: str) -> None:
    assert await without_a_reader({}, argument) == (141, "")


def test_agw_is_python_m_bot() -> None:
    (script,) = entry_points(group="console_scripts", name="agw")
    assert script.value == "bot.cli:main"


@pytest.mark.parametrize(
    "arguments", [(), ("repair",), ("audit", "--format", "xml"), ("check", "x")]
)
async def test_bad_use(arguments: tuple[str, ...], here: Here) -> None:
    ran = await here({}, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert "--help" in ran.err


async def test_the_bot_ends_on_sigterm(world: World) -> None:
    async with started(world.environment, "serve", anew=True) as process:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"agw is connected to Slack.\n"
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out == b""


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, ("SLACK_BOT_TOKEN", "invalid_auth")),
        ({"SLACK_BOT_TOKEN": ""}, ("SLACK_BOT_TOKEN is not set",)),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, ("SLACK_APP_TOKEN", "invalid_auth")),
        ({"SLACK_APP_TOKEN": ""}, ("SLACK_SIGNING_SECRET",)),
        ({"SLACK_API_URL": "http://slack.example/api/"}, ("SLACK_API_URL", "https")),
        ({"AGW_APPROVERS": "@netops"}, ("AGW_APPROVERS", "U012ABCDEF")),
        (
            {"AGW_DATABASE_URL": "postgresql://agw:xoxb-wrong@127.0.0.1:9/agw"},
            ("PostgreSQL", "refuses connections"),
        ),
    ],
)
async def test_a_bot_that_cannot_start_says_why_in_one_sentence(
    changed: dict[str, str], words: tuple[str, ...], world: World
) -> None:
    ran = await agw({**world.environment, **changed}, "serve")
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence(), ran.err
    assert all(word in ran.err for word in words), ran.err
    assert "xoxb-wrong" not in ran.err


async def test_a_traceback_only_when_asked_for(world: World) -> None:
    odd = {**world.environment, "AGW_PUBLIC_CA_FILE": "/dev/null/roots.pem"}
    ran = await agw(odd, "diagnose", "agw-test", "--json")
    assert (ran.code, ran.is_one_sentence()) == (2, True), ran.err


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("explain",)])
async def test_output_that_finds_no_room_ends_in_one_sentence(arguments: tuple[str, ...]) -> None:
    ran = await redirected(">/dev/full", *arguments)
    said = "agw: The output could not be written: No space left on device.\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)
    # Then nothing is left to say it with.
    assert await redirected(">/dev/full 2>&1", *arguments) == Ran(2, "", "")


async def test_an_error_in_json_that_finds_no_room_is_no_traceback() -> None:
    ran = await redirected(">/dev/full", "diagnose", "--lab", "nope", "--json")
    assert ran.code == 2
    assert [it[:5] for it in ran.err.splitlines()] == ["agw: ", "agw: "], ran.err


async def test_a_closed_stream_is_one_that_nobody_reads() -> None:
    assert await redirected(">&-", "explain") == Ran(0, "", "")
    # What is for stderr does not get among what a program reads.
    assert await redirected("2>&-", "explain", "nonsense") == Ran(2, "", "")
